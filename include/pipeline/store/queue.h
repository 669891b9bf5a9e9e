#pragma once

#include "pipeline/catalogue/queue_entry.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

struct Claim {
  std::string worker;
  std::int64_t limit = 1;
  std::chrono::milliseconds lease{};
  int max_attempts = 3;
};

// How many entries there are, and since when the oldest waits.
struct QueueTotals {
  std::int64_t pending = 0;
  std::int64_t claimed = 0;
  std::int64_t failed = 0;
  std::int64_t done = 0;
  std::optional<WallTime> oldest_pending{};
};

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

// The refresh queue: what Catalogue::write() and remove() put in, worked off.
//
// At most one entry of a product is PENDING. A further change is merged into it: a field that changed twice keeps its
// first old and its last new value, and goes when they are equal; the entry's reasons are those of the changes that
// remain; an entry whose every change has gone is deleted. NEW and REMOVED are changes of the field `product` that
// replace each other and never go: a post may have been written in between. For the same reason nothing goes from an
// entry that was claimed before. CLAIMED, DONE and FAILED entries are left alone.
//
// PENDING entries are handed out for the time of a lease (CLAIMED), then DONE or FAILED. Whoever lets the lease run out
// loses the entry to the next claim. An entry that goes back to PENDING is merged with the one that waits for the same
// product, if there is one: the older stays, with the larger number of attempts.
//
// Each call that moves entries is one transaction: all of them or, when it throws, none; and processes that claim at
// once get different entries. Errors and threads as of Catalogue.
class Queue {
 public:
  virtual ~Queue() = default;

  // Oldest first, one at a time: memory does not grow with the queue. All entries are of one moment; a reader holds up
  // no writer. Works on a store that was opened for reading.
  virtual void each(const QueueFilter& filter, const std::function<void(const catalogue::QueueEntry&)>& sink) = 0;
  // The entries of changes that were queued since then, the latest first. Those that say no more than that a product is
  // new, of which a first night makes as many as there are products, are counted alone: the result.
  virtual std::int64_t each_change_since(WallTime time,
                                         const std::function<void(const catalogue::QueueEntry&)>& sink) = 0;
  [[nodiscard]] virtual QueueTotals totals() = 0;

  // The oldest entries that wait, but those of a product that is claimed already. Before that, entries whose lease ran
  // out go back to PENDING, or after their last attempt to FAILED.
  [[nodiscard]] virtual std::vector<catalogue::QueueEntry> claim(const Claim& claim) = 0;

  // With a worker only what that worker has claimed, also when the lease has run out and nobody else took it. Without
  // one, entries that nobody has claimed may be marked as done too. A move for each, in order; so of those below.
  [[nodiscard]] virtual std::vector<QueueMove> done(std::span<const std::int64_t> ids,
                                                    const std::optional<std::string>& worker) = 0;

  // Claimed entries only: back to PENDING with the reason noted, or after the last attempt to FAILED.
  [[nodiscard]] virtual std::vector<QueueMove> fail(std::span<const std::int64_t> ids, std::string_view reason,
                                                    const std::optional<std::string>& worker, int max_attempts) = 0;

  // Many entries that a worker has claimed, each in its own way, as done() and fail() do.
  [[nodiscard]] virtual std::vector<QueueMove> end(std::span<const QueueEnd> ends, const std::string& worker) = 0;

  // FAILED entries only: back to PENDING with their attempts counted anew.
  [[nodiscard]] virtual std::vector<QueueMove> retry(std::span<const std::int64_t> ids) = 0;
  [[nodiscard]] virtual std::vector<QueueMove> retry_all() = 0;
};

}  // namespace pipeline::store
