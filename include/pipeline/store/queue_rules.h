#pragma once

#include "pipeline/catalogue/changes.h"
#include "pipeline/store/queue.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What becomes of the refresh queue's entries, for the engines, which do it: the rules of Queue, without a database.
namespace pipeline::store {

// What is asked for an entry, by a hand or a worker.
struct QueueOrder {
  std::int64_t id = 0;
  enum class Kind { finish, give_up, try_again } kind = Kind::finish;
  std::string reason{};  // for giving up
  int max_attempts = 1;  // the same
};
[[nodiscard]] std::vector<QueueOrder> orders_of(std::span<const std::int64_t> ids, const QueueOrder& order);
[[nodiscard]] std::vector<QueueOrder> orders_of(std::span<const QueueEnd> ends);
// A claim whose lease ran out is given up.
[[nodiscard]] QueueOrder order_of_expired(const catalogue::QueueEntry& entry, int max_attempts);

// What comes of the order; a refusal says why nothing does.
[[nodiscard]] QueueMove judge(const catalogue::QueueEntry& entry, const QueueOrder& order,
                              const std::optional<std::string>& worker);
[[nodiscard]] QueueMove no_such_entry(std::int64_t id);

// The entry after a move that was judged so. One that is PENDING again has to be joined() yet.
[[nodiscard]] catalogue::QueueEntry moved(const catalogue::QueueEntry& entry, const QueueMove& move,
                                          const QueueOrder& order, WallTime now);

// What an entry tells. Throws Error, which names the database and the entry, when somebody else wrote it otherwise.
[[nodiscard]] std::vector<catalogue::Change> changes_of(const catalogue::QueueEntry& entry, std::string_view database);

// An entry that is PENDING again and the one that waits for the same product, as one: the older stays, and the later is
// to be deleted.
struct JoinedEntries {
  catalogue::QueueEntry kept;
  std::int64_t deleted = 0;
};
[[nodiscard]] JoinedEntries joined(const catalogue::QueueEntry& returned, const catalogue::QueueEntry& waiting,
                                   std::string_view database);

}  // namespace pipeline::store
