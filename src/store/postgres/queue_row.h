#pragma once

#include "pipeline/store/record_rows.h"

#include "result.h"

namespace pipeline::store::postgres {

// What queue_entry_of() reads, in its order, to be selected first, of `@refresh_queue AS q`.
inline constexpr const char* kQueueColumns =
    "q.id, q.source, q.sku, CASE WHEN EXISTS (SELECT 1 FROM @products AS p WHERE p.sku = q.sku AND p.source <> "
    "q.source) THEN q.source || ':' || q.sku ELSE q.sku END, q.reason, q.status, q.attempts, q.enqueued_at, "
    "q.claimed_at, q.claimed_by, q.lease_until, q.finished_at, q.error, q.changes";

}  // namespace pipeline::store::postgres
