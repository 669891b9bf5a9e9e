#include "queue_moves.h"

#include "queue_row.h"

#include <fmt/format.h>

namespace pipeline::store::postgres {
namespace {

using catalogue::QueueEntry;
using catalogue::QueueStatus;
using Type = Column::Type;

std::optional<std::string_view> text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

// Of entries that are DONE or FAILED now.
struct Finished {
  Column ids{Type::number}, statuses{Type::text}, times{Type::number}, errors{Type::text};

  void add(const QueueEntry& entry) {
    ids.add(entry.id);
    statuses.add(to_string(entry.status));
    times.add(entry.finished_at);
    errors.add(text_or_none(entry.error));
  }
  [[nodiscard]] Statement statement() const {
    return {"finish queue entries",
            "UPDATE @refresh_queue AS q SET status = n.status, finished_at = n.finished_at, error = n.error, "
            "lease_until = NULL FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) "
            "AS n (id, status, finished_at, error) WHERE q.id = n.id",
            Values::of(ids, statuses, times, errors)};
  }
};

// Of entries that are PENDING again.
struct Returned {
  Column ids{Type::number}, reasons{Type::text}, changes{Type::text}, attempts{Type::number}, times{Type::number},
      workers{Type::text}, errors{Type::text};

  void add(const QueueEntry& entry) {
    ids.add(entry.id);
    reasons.add(entry.reason);
    changes.add(entry.changes);
    attempts.add(std::int64_t{entry.attempts});
    times.add(entry.claimed_at);
    workers.add(text_or_none(entry.claimed_by));
    errors.add(text_or_none(entry.error));
  }
  [[nodiscard]] Statement statement() const {
    return {"put back into the refresh queue",
            "UPDATE @refresh_queue AS q SET status = 'PENDING', reason = n.reason, changes = n.changes, "
            "attempts = n.attempts, claimed_at = n.claimed_at, claimed_by = n.claimed_by, error = n.error, "
            "lease_until = NULL, finished_at = NULL FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], "
            "$5::bigint[], $6::text[], $7::text[]) "
            "AS n (id, reason, changes, attempts, claimed_at, claimed_by, error) WHERE q.id = n.id",
            Values::of(ids, reasons, changes, attempts, times, workers, errors)};
  }
};

}  // namespace

QueueMoves::QueueMoves(Transaction& transaction, const Connection& connection, const std::string& which,
                       const Values& values)
    : database_(connection.name()), now_(connection.clock().wall()) {
  const std::string wanted =
      fmt::format("SELECT {} FROM @refresh_queue AS q WHERE {} FOR UPDATE OF q", kQueueColumns, which);
  const std::string waiting = fmt::format(
      "SELECT {} FROM @refresh_queue AS q WHERE q.status = 'PENDING' AND (q.sku, q.source) IN "
      "(SELECT q.sku, q.source FROM @refresh_queue AS q WHERE {}) FOR UPDATE OF q",
      kQueueColumns, which);
  const auto answers = transaction.ask(
      {{"look up queue entries", wanted, values}, {"find what waits for the same products", waiting, values}});
  put_in(answers[0]);
  for (int row = 0; row < answers[0].rows(); ++row) ids_.push_back(Row(answers[0], row).integer(0));
  put_in(answers[1]);
}

void QueueMoves::put_in(const Result& rows) {
  for (int i = 0; i < rows.rows(); ++i) {
    QueueEntry entry = queue_entry_of(Row(rows, i));
    if (entry.status == QueueStatus::pending) waiting_.insert_or_assign({entry.source, entry.sku}, entry.id);
    entries_.insert_or_assign(entry.id, std::move(entry));
  }
}

const QueueEntry* QueueMoves::find(std::int64_t id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

QueueMove QueueMoves::move(const QueueOrder& order, const std::optional<std::string>& worker) {
  const QueueEntry* const entry = find(order.id);
  if (entry == nullptr) return no_such_entry(order.id);
  QueueMove move = judge(*entry, order, worker);
  const QueueEntry after = moved(*entry, move, order, now_);
  if (after.status == entry->status) return move;
  if (entry->status == QueueStatus::pending) waiting_.erase({entry->source, entry->sku});
  if (move.kind == QueueMove::Kind::pending) {
    put_back(after);
  } else {
    entries_[after.id] = after;
    changed_.insert(after.id);
  }
  return move;
}

void QueueMoves::put_back(const QueueEntry& returned) {
  QueueEntry kept = returned;
  const Product product{returned.source, returned.sku};
  if (const auto found = waiting_.find(product); found != waiting_.end()) {
    const JoinedEntries both = joined(returned, entries_.at(found->second), database_);
    kept = both.kept;
    entries_.erase(both.deleted);
    changed_.erase(both.deleted);
    deleted_.insert(both.deleted);
  }
  waiting_[product] = kept.id;
  changed_.insert(kept.id);
  entries_[kept.id] = std::move(kept);
}

// Deletes first: at most one entry of a product is PENDING at any time.
std::vector<Statement> QueueMoves::writing() const {
  Column deleted(Type::number);
  for (const std::int64_t id : deleted_) deleted.add(id);
  Finished finished;
  Returned returned;
  for (const std::int64_t id : changed_) {
    const QueueEntry& entry = entries_.at(id);
    entry.status == QueueStatus::pending ? returned.add(entry) : finished.add(entry);
  }
  std::vector<Statement> statements;
  if (deleted.size() > 0)
    statements.push_back({"drop from the refresh queue", "DELETE FROM @refresh_queue WHERE id = ANY($1::bigint[])",
                          Values::of(deleted)});
  if (finished.ids.size() > 0) statements.push_back(finished.statement());
  if (returned.ids.size() > 0) statements.push_back(returned.statement());
  return statements;
}

}  // namespace pipeline::store::postgres
