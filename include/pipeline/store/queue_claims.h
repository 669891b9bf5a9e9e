#pragma once

#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/store/database.h"
#include "pipeline/store/refresh_queue.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

// What became of one entry that was to be moved.
struct QueueMove {
  std::int64_t id = 0;
  enum class Kind { done, done_before, pending, failed, refused } kind = Kind::refused;
  std::string refusal;  // names the entry and says why
};

// How a claimed entry is to end: DONE without a reason; with one it goes back to PENDING, or after the last attempt to
// FAILED.
struct QueueEnd {
  std::int64_t id = 0;
  std::string reason;
  int max_attempts = 1;
};

// The refresh queue worked off: PENDING entries are handed out for the time of a lease (CLAIMED), then DONE or FAILED.
// Whoever lets the lease run out loses the entry to the next claim. An entry that goes back to PENDING is merged with
// the one that waits for the same product, if there is one, as RefreshQueue says: the older row stays, with the larger
// number of attempts.
//
// Each call is one transaction: all its entries or none, and processes that claim at once get different entries.
// Same thread as its database.
class QueueClaims {
 public:
  explicit QueueClaims(Database& database);

  struct Claim {
    std::string worker;
    std::int64_t limit = 1;
    std::chrono::milliseconds lease{};
    int max_attempts = 3;
  };
  // The oldest entries that wait, but those of a product that is claimed already. Before that, entries whose lease ran
  // out go back to PENDING, or after their last attempt to FAILED.
  [[nodiscard]] std::vector<catalogue::QueueEntry> claim(const Claim& claim);

  // With a worker only what that worker has claimed, also when the lease has run out and nobody else took it. Without
  // one, entries that nobody has claimed may be marked as done too.
  [[nodiscard]] std::vector<QueueMove> done(std::span<const std::int64_t> ids,
                                            const std::optional<std::string>& worker);

  // Claimed entries only: back to PENDING with the reason noted, or after the last attempt to FAILED.
  [[nodiscard]] std::vector<QueueMove> fail(std::span<const std::int64_t> ids, std::string_view reason,
                                            const std::optional<std::string>& worker, int max_attempts);

  // Many entries that a worker has claimed, each in its own way, as done() and fail() do. A move for each, in order.
  [[nodiscard]] std::vector<QueueMove> end(std::span<const QueueEnd> ends, const std::string& worker);

  // FAILED entries only: back to PENDING with their attempts counted anew.
  [[nodiscard]] std::vector<QueueMove> retry(std::span<const std::int64_t> ids);
  [[nodiscard]] std::vector<QueueMove> retry_all();

 private:
  using Move = std::function<QueueMove(const catalogue::QueueEntry&)>;
  std::vector<QueueMove> move_each(std::span<const std::int64_t> ids, const Move& move);
  QueueMove move_one(std::int64_t id, const Move& move);
  QueueMove finish(const catalogue::QueueEntry& entry, const std::optional<std::string>& worker);
  QueueMove give_up(const catalogue::QueueEntry& entry, std::string_view reason,
                    const std::optional<std::string>& worker, int max_attempts);
  std::vector<catalogue::QueueEntry> oldest_waiting(std::int64_t limit);
  void return_expired(WallTime now, int max_attempts);
  QueueMove::Kind give_up(const catalogue::QueueEntry& entry, std::string_view error, int max_attempts);
  QueueMove try_again(const catalogue::QueueEntry& entry);

  Database& database_;
  RefreshQueue queue_;
  Statement look_up_;
  Statement expired_;
  Statement waiting_;
  Statement claim_;
  Statement finish_;
  Statement next_failed_;
};

}  // namespace pipeline::store
