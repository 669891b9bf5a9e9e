#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/product.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::catalogue {

enum class QueueStatus { pending, claimed, done, failed };
[[nodiscard]] std::string_view to_string(QueueStatus status) noexcept;  // PENDING CLAIMED DONE FAILED
[[nodiscard]] std::optional<QueueStatus> parse_queue_status(std::string_view name) noexcept;

// A row of the refresh queue; docs/database.md tells of the columns.
struct QueueEntry {
  std::int64_t id = 0;
  std::string source;
  std::string sku;
  std::string name;  // of the product, for people: its SKU, or SOURCE:SKU where other sources have the SKU as well
  std::string reason;
  QueueStatus status = QueueStatus::pending;
  int attempts = 0;
  WallTime enqueued_at{};
  std::optional<WallTime> claimed_at;
  std::string claimed_by;  // empty: nobody so far
  std::optional<WallTime> lease_until;
  std::optional<WallTime> finished_at;
  std::string error;    // empty: none
  std::string changes;  // JSON

  [[nodiscard]] ProductKey key() const noexcept { return {source, sku}; }
};

}  // namespace pipeline::catalogue
