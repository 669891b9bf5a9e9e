#pragma once

#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/store/statement.h"

namespace pipeline::store {

// What read_queue_row() reads, in its order, to be selected first.
inline constexpr const char* kQueueColumns =
    "id, sku, reason, status, attempts, enqueued_at, claimed_at, claimed_by, lease_until, finished_at, error, changes";

[[nodiscard]] catalogue::QueueEntry read_queue_row(const Statement& row);

}  // namespace pipeline::store
