#include "queue.h"

#include "queue_row.h"
#include "transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

constexpr std::string_view kStatusNames[] = {"PENDING", "CLAIMED", "DONE", "FAILED"};  // parameters 1 to 4

// One branch a status, each in the order of its index, merged by id: nothing is sorted, and statuses that are not
// wanted are not read.
std::string list_sql() {
  std::string sql;
  int wanted = 0;
  for (const std::string_view status : kStatusNames) {
    sql += fmt::format(
        "{}SELECT {} FROM refresh_queue AS q WHERE ?{} AND status = '{}' AND (?5 IS NULL OR sku = ?5) "
        "AND (?6 IS NULL OR source = ?6) AND (?7 IS NULL OR claimed_by = ?7)",
        sql.empty() ? "" : " UNION ALL ", kQueueColumns, ++wanted, status);
  }
  return sql + " ORDER BY id";
}

bool has_any(std::string_view joined, const std::vector<std::string>& reasons) {
  const std::string list = fmt::format(",{},", joined);
  return std::ranges::any_of(reasons, [&](const auto& r) { return list.find(fmt::format(",{},", r)) != list.npos; });
}

}  // namespace

Queue::Queue(std::shared_ptr<Connection> connection)
    : connection_(std::move(connection)),
      queue_(*connection_),
      list_(*connection_, "list the refresh queue", list_sql()),
      latest_(*connection_, "read the latest queue entries",
              "SELECT id, enqueued_at, reason = 'NEW' FROM refresh_queue AS q ORDER BY id DESC"),
      totals_(*connection_, "count the queue entries", "SELECT status, count(*) FROM refresh_queue GROUP BY status"),
      oldest_(*connection_, "find the oldest queue entry that waits",
              "SELECT enqueued_at FROM refresh_queue WHERE status = 'PENDING' ORDER BY id LIMIT 1"),
      look_up_(*connection_, "look up a queue entry",
               fmt::format("SELECT {} FROM refresh_queue AS q WHERE id = ?1", kQueueColumns)),
      // Without the hint SQLite would read all claims and sort them.
      expired_(*connection_, "find a claim whose lease ran out",
               fmt::format("SELECT {} FROM refresh_queue AS q INDEXED BY refresh_queue_leases "
                           "WHERE status = 'CLAIMED' AND lease_until <= ?1 ORDER BY lease_until LIMIT 1",
                           kQueueColumns)),
      waiting_(
          *connection_, "find queue entries to claim",
          fmt::format(
              "SELECT {} FROM refresh_queue AS q WHERE status = 'PENDING' AND NOT EXISTS "
              "(SELECT 1 FROM refresh_queue AS c WHERE c.sku = q.sku AND c.source = q.source AND c.status = 'CLAIMED') "
              "ORDER BY id LIMIT ?1",
              kQueueColumns)),
      claim_(*connection_, "claim a queue entry",
             "UPDATE refresh_queue SET status = 'CLAIMED', attempts = ?2, claimed_at = ?3, claimed_by = ?4, "
             "lease_until = ?5 WHERE id = ?1"),
      finish_(*connection_, "finish a queue entry",
              "UPDATE refresh_queue SET status = ?2, finished_at = ?3, error = ?4, lease_until = NULL WHERE id = ?1"),
      next_failed_(
          *connection_, "find a failed queue entry",
          fmt::format("SELECT {} FROM refresh_queue AS q WHERE status = 'FAILED' ORDER BY id LIMIT 1", kQueueColumns)) {
}

void Queue::each(const QueueFilter& filter, const std::function<void(const catalogue::QueueEntry&)>& sink) {
  const Statement::Use use(list_);
  int parameter = 0;
  for (const std::string_view name : kStatusNames) {
    const bool wanted = filter.statuses.empty() || std::ranges::find(filter.statuses, name, [](auto s) {
                                                     return to_string(s);
                                                   }) != filter.statuses.end();
    list_.bind(++parameter, std::int64_t{wanted});
  }
  list_.bind(5, filter.sku).bind(6, filter.source).bind(7, filter.worker);
  std::int64_t given = 0;
  while ((!filter.limit || given < *filter.limit) && list_.step()) {
    const catalogue::QueueEntry entry = queue_entry_of(list_);
    if (!filter.reasons.empty() && !has_any(entry.reason, filter.reasons)) continue;
    sink(entry);
    ++given;
  }
}

// Ids grow with time, so what is older ends the reading.
std::int64_t Queue::each_change_since(WallTime time, const std::function<void(const catalogue::QueueEntry&)>& sink) {
  std::int64_t fresh = 0;
  const Statement::Use use(latest_);
  while (latest_.step() && WallTime(std::chrono::milliseconds(latest_.integer(1))) >= time) {
    if (latest_.integer(2) != 0)
      ++fresh;
    else if (const auto entry = look_up(latest_.integer(0)))
      sink(*entry);
  }
  return fresh;
}

std::optional<catalogue::QueueEntry> Queue::look_up(std::int64_t id) {
  const Statement::Use use(look_up_);
  return look_up_.bind(1, id).step() ? std::optional(queue_entry_of(look_up_)) : std::nullopt;
}

QueueTotals Queue::totals() {
  QueueTotals totals;
  std::int64_t* const counts[] = {&totals.pending, &totals.claimed, &totals.done, &totals.failed};  // as kStatusNames
  {
    const Statement::Use use(totals_);
    while (totals_.step()) {
      const auto* const status = std::ranges::find(kStatusNames, totals_.text(0));
      *counts[status - std::begin(kStatusNames)] = totals_.integer(1);  // a CHECK of the table admits no other
    }
  }
  const Statement::Use use(oldest_);
  if (oldest_.step()) totals.oldest_pending = WallTime(std::chrono::milliseconds(oldest_.integer(0)));
  return totals;
}

std::vector<catalogue::QueueEntry> Queue::claim(const Claim& claim) {
  Transaction transaction(*connection_);
  const WallTime now = connection_->clock().wall();
  return_expired(now, claim.max_attempts);
  std::vector<catalogue::QueueEntry> entries = oldest_waiting(claim.limit);
  for (catalogue::QueueEntry& entry : entries) {
    entry.status = catalogue::QueueStatus::claimed;
    ++entry.attempts;
    entry.claimed_at = now;
    entry.claimed_by = claim.worker;
    entry.lease_until = now + claim.lease;
    claim_.bind(1, entry.id)
        .bind(2, std::int64_t{entry.attempts})
        .bind(3, now)
        .bind(4, claim.worker)
        .bind(5, entry.lease_until)
        .run();
  }
  transaction.commit();
  return entries;
}

std::vector<catalogue::QueueEntry> Queue::oldest_waiting(std::int64_t limit) {
  const Statement::Use use(waiting_);
  std::vector<catalogue::QueueEntry> entries;
  waiting_.bind(1, limit);
  while (waiting_.step()) entries.push_back(queue_entry_of(waiting_));
  return entries;
}

// One at a time, each leaving the claims: however many there are, they are not held in memory.
void Queue::return_expired(WallTime now, int max_attempts) {
  const auto next = [&]() -> std::optional<catalogue::QueueEntry> {
    const Statement::Use use(expired_);
    return expired_.bind(1, now).step() ? std::optional(queue_entry_of(expired_)) : std::nullopt;
  };
  while (const auto entry = next()) (void)move_one(*entry, order_of_expired(*entry, max_attempts), std::nullopt);
}

std::vector<QueueMove> Queue::done(std::span<const std::int64_t> ids, const std::optional<std::string>& worker) {
  return move_each(orders_of(ids, {.kind = QueueOrder::Kind::finish}), worker);
}

std::vector<QueueMove> Queue::fail(std::span<const std::int64_t> ids, std::string_view reason,
                                   const std::optional<std::string>& worker, int max_attempts) {
  const QueueOrder order{
      .kind = QueueOrder::Kind::give_up, .reason = std::string(reason), .max_attempts = max_attempts};
  return move_each(orders_of(ids, order), worker);
}

std::vector<QueueMove> Queue::end(std::span<const QueueEnd> ends, const std::string& worker) {
  return move_each(orders_of(ends), worker);
}

std::vector<QueueMove> Queue::retry(std::span<const std::int64_t> ids) {
  return move_each(orders_of(ids, {.kind = QueueOrder::Kind::try_again}), std::nullopt);
}

std::vector<QueueMove> Queue::retry_all() {
  Transaction transaction(*connection_);
  const auto next = [&]() -> std::optional<catalogue::QueueEntry> {
    const Statement::Use use(next_failed_);
    return next_failed_.step() ? std::optional(queue_entry_of(next_failed_)) : std::nullopt;
  };
  std::vector<QueueMove> moves;
  while (const auto entry = next())
    moves.push_back(move_one(*entry, {.id = entry->id, .kind = QueueOrder::Kind::try_again}, std::nullopt));
  transaction.commit();
  return moves;
}

std::vector<QueueMove> Queue::move_each(std::span<const QueueOrder> orders, const std::optional<std::string>& worker) {
  Transaction transaction(*connection_);
  std::vector<QueueMove> moves;
  moves.reserve(orders.size());
  for (const QueueOrder& order : orders) {
    const auto entry = look_up(order.id);
    moves.push_back(entry ? move_one(*entry, order, worker) : no_such_entry(order.id));
  }
  transaction.commit();
  return moves;
}

QueueMove Queue::move_one(const catalogue::QueueEntry& entry, const QueueOrder& order,
                          const std::optional<std::string>& worker) {
  QueueMove move = judge(entry, order, worker);
  const catalogue::QueueEntry after = moved(entry, move, order, connection_->clock().wall());
  if (move.kind == QueueMove::Kind::pending) {
    queue_.put_back(after);
  } else if (after.status != entry.status) {
    finish_.bind(1, after.id).bind(2, to_string(after.status)).bind(3, after.finished_at);
    after.error.empty() ? finish_.bind(4, std::nullopt) : finish_.bind(4, after.error);
    finish_.run();
  }
  return move;
}

}  // namespace pipeline::store::sqlite
