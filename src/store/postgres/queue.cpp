#include "queue.h"

#include "queue_moves.h"
#include "queue_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::store::postgres {
namespace {

using catalogue::QueueEntry;

constexpr std::size_t kAtATime = 1'000;  // entries that are moved, of those that nobody has counted

template <typename Texts, typename TextOf>
std::optional<Column> column_of(const Texts& texts, TextOf text_of) {
  if (texts.empty()) return std::nullopt;
  Column column(Column::Type::text);
  for (const auto& text : texts) column.add(text_of(text));
  return column;
}

// Those that wait, but for a product that is claimed already. The subqueries are such that the server can't make joins
// of them: it would read all claims for each of its own.
std::string claim_sql(std::string_view condition) {
  return fmt::format(
      "UPDATE @refresh_queue AS q SET status = 'CLAIMED', attempts = q.attempts + 1, claimed_at = $2, claimed_by = $3, "
      "lease_until = $4 WHERE q.id = ANY(ARRAY(SELECT w.id FROM @refresh_queue AS w WHERE w.status = 'PENDING' AND "
      "(SELECT c.id FROM @refresh_queue AS c WHERE c.sku = w.sku AND c.source = w.source AND c.status = 'CLAIMED' "
      "LIMIT 1) IS NULL {} ORDER BY w.id LIMIT $1 FOR UPDATE OF w SKIP LOCKED)) RETURNING {}",
      condition, kQueueColumns);
}

constexpr std::string_view kNoneExpired =
    "AND (SELECT x.id FROM @refresh_queue AS x WHERE x.status = 'CLAIMED' AND x.lease_until <= $2 LIMIT 1) IS NULL";

Statement claiming(std::string_view sql, const Claim& claim, WallTime now) {
  return {"claim queue entries", sql, Values::of(claim.limit, now, claim.worker, now + claim.lease)};
}

std::vector<QueueEntry> claimed(const Result& rows) {
  std::vector<QueueEntry> entries;
  entries.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) entries.push_back(queue_entry_of(Row(rows, row)));
  std::ranges::sort(entries, {}, &QueueEntry::id);
  return entries;
}

}  // namespace

void Queue::each(const QueueFilter& filter, const std::function<void(const QueueEntry&)>& sink) {
  const std::string sql = fmt::format(
      "SELECT {} FROM @refresh_queue AS q WHERE ($1::text[] IS NULL OR q.status = ANY($1)) "
      "AND ($2::text IS NULL OR q.sku = $2) AND ($3::text IS NULL OR q.source = $3) "
      "AND ($4::text IS NULL OR q.claimed_by = $4) AND ($5::text[] IS NULL OR string_to_array(q.reason, ',') && $5) "
      "ORDER BY q.id LIMIT $6::bigint",
      kQueueColumns);
  const auto statuses = column_of(filter.statuses, [](catalogue::QueueStatus status) { return to_string(status); });
  const auto reasons = column_of(filter.reasons, [](const std::string& reason) { return reason; });
  connection_->each_row("list the refresh queue", sql,
                        Values::of(statuses, filter.sku, filter.source, filter.worker, reasons, filter.limit),
                        [&](const Row& row) { sink(queue_entry_of(row)); });
}

// Ids grow with time: those behind the last older one.
std::int64_t Queue::each_change_since(WallTime time, const std::function<void(const QueueEntry&)>& sink) {
  constexpr std::string_view kSince =
      "q.id > coalesce((SELECT x.id FROM @refresh_queue AS x WHERE x.enqueued_at < $1 ORDER BY x.id DESC LIMIT 1), 0)";
  const std::string changes = fmt::format(
      "SELECT {} FROM @refresh_queue AS q WHERE q.reason <> 'NEW' AND {} ORDER BY q.id DESC", kQueueColumns, kSince);
  connection_->each_row("read the latest queue entries", changes, Values::of(time),
                        [&](const Row& row) { sink(queue_entry_of(row)); });
  const std::string fresh =
      fmt::format("SELECT count(*) FROM @refresh_queue AS q WHERE q.reason = 'NEW' AND {}", kSince);
  return connection_->ask("count the latest queue entries", fresh, Values::of(time)).integer(0, 0);
}

QueueTotals Queue::totals() {
  const Statement statements[] = {
      {"count the queue entries", "SELECT status, count(*) FROM @refresh_queue GROUP BY status"},
      {"find the oldest queue entry that waits",
       "SELECT enqueued_at FROM @refresh_queue WHERE status = 'PENDING' ORDER BY id LIMIT 1"}};
  const auto answers = connection_->ask(statements);
  QueueTotals totals;
  for (int i = 0; i < answers[0].rows(); ++i) {
    const Row row(answers[0], i);
    switch (catalogue::parse_queue_status(row.text(0)).value()) {  // a CHECK of the table admits no other
      case catalogue::QueueStatus::pending:
        totals.pending = row.integer(1);
        break;
      case catalogue::QueueStatus::claimed:
        totals.claimed = row.integer(1);
        break;
      case catalogue::QueueStatus::done:
        totals.done = row.integer(1);
        break;
      case catalogue::QueueStatus::failed:
        totals.failed = row.integer(1);
        break;
    }
  }
  if (answers[1].rows() > 0) totals.oldest_pending = Row(answers[1], 0).time(0);
  return totals;
}

std::vector<QueueEntry> Queue::claim(const Claim& claim) {
  auto entries = claim_unless_expired(claim);
  return entries.empty() ? claim_after_expired(claim) : entries;
}

// The ordinary case in one round trip: nothing is handed out where a lease ran out. Entries of which the answer was
// lost stay with the worker until their lease runs out.
std::vector<QueueEntry> Queue::claim_unless_expired(const Claim& claim) {
  const std::string sql = claim_sql(kNoneExpired);
  std::vector<QueueEntry> entries;
  connection_->write([&](Transaction& transaction) {
    const WallTime now = connection_->clock().wall();
    entries = claimed(transaction.commit({claiming(sql, claim, now)}).front());
  });
  return entries;
}

std::vector<QueueEntry> Queue::claim_after_expired(const Claim& claim) {
  const std::string sql = claim_sql("");
  const std::string expired =
      fmt::format("q.status = 'CLAIMED' AND q.lease_until <= $1 ORDER BY q.lease_until LIMIT {}", kAtATime);
  std::vector<QueueEntry> entries;
  connection_->write([&](Transaction& transaction) {
    const WallTime now = connection_->clock().wall();
    for (bool more = true; more;) {
      QueueMoves moves(transaction, *connection_, expired, Values::of(now));
      for (const std::int64_t id : moves.ids())
        (void)moves.move(order_of_expired(*moves.find(id), claim.max_attempts), std::nullopt);
      std::vector<Statement> statements = moves.writing();
      more = moves.ids().size() == kAtATime;
      if (more) {
        (void)transaction.ask(std::move(statements));
      } else {
        statements.push_back(claiming(sql, claim, now));
        entries = claimed(transaction.commit(std::move(statements)).back());
      }
    }
  });
  return entries;
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

std::vector<QueueMove> Queue::move_each(std::span<const QueueOrder> orders, const std::optional<std::string>& worker) {
  Column ids(Column::Type::number);
  for (const QueueOrder& order : orders) ids.add(order.id);
  std::vector<QueueMove> done;
  connection_->write([&](Transaction& transaction) {
    QueueMoves moves(transaction, *connection_, "q.id = ANY($1::bigint[]) ORDER BY q.id", Values::of(ids));
    done.clear();
    for (const QueueOrder& order : orders) done.push_back(moves.move(order, worker));
    (void)transaction.commit(moves.writing());
  });
  return done;
}

std::vector<QueueMove> Queue::retry_all() {
  const std::string failed = fmt::format("q.status = 'FAILED' ORDER BY q.id LIMIT {}", kAtATime);
  std::vector<QueueMove> done;
  connection_->write([&](Transaction& transaction) {
    done.clear();
    for (bool more = true; more;) {
      QueueMoves moves(transaction, *connection_, failed, {});
      for (const std::int64_t id : moves.ids())
        done.push_back(moves.move({.id = id, .kind = QueueOrder::Kind::try_again}, std::nullopt));
      more = moves.ids().size() == kAtATime;
      if (more)
        (void)transaction.ask(moves.writing());
      else
        (void)transaction.commit(moves.writing());
    }
  });
  return done;
}

}  // namespace pipeline::store::postgres
