#pragma once

#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/store/database.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::store {

// Which entries to list; what is empty lets all through.
struct QueueFilter {
  std::vector<catalogue::QueueStatus> statuses{};
  std::optional<std::string> sku{};
  std::optional<std::string> source{};
  std::optional<std::string> worker{};  // who claimed it last
  std::vector<std::string> reasons{};   // entries with any of them
  std::optional<std::int64_t> limit{};
};

// Reads the refresh queue, also of a database that was opened read-only. Same thread as its database.
class QueueList {
 public:
  explicit QueueList(Database& database);

  // Oldest first, one row at a time: memory does not grow with the queue. All rows are of one moment; a reader holds up
  // no writer.
  void each(const QueueFilter& filter, const std::function<void(const catalogue::QueueEntry&)>& sink);

 private:
  Statement list_;
};

}  // namespace pipeline::store
