#include "refresh_queue.h"

#include "pipeline/catalogue/changes.h"
#include "pipeline/store/queue_rules.h"

#include <string_view>
#include <utility>

namespace pipeline::store::postgres {
namespace {

// One look-up a product: as long as the server has no statistics of a new table, a join would begin with all entries
// that are PENDING.
constexpr std::string_view kRead =
    "SELECT q.id, q.source, q.sku, q.claimed_at, q.changes FROM unnest($1, $2) AS k (sku, source) CROSS JOIN LATERAL "
    "(SELECT * FROM @refresh_queue AS w WHERE w.sku = k.sku AND w.source = k.source AND w.status = 'PENDING' "
    "FOR UPDATE) AS q";

// Ids grow in the order of the batch. Where another process has put an entry in meanwhile, the index of those that wait
// refuses this one, and the transaction is done again.
constexpr std::string_view kAdd =
    "INSERT INTO @refresh_queue (sku, source, reason, status, enqueued_at, changes) "
    "SELECT a.sku, a.source, a.reason, 'PENDING', $5, a.changes "
    "FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS a (sku, source, reason, changes, place) ORDER BY a.place";

constexpr std::string_view kMerge =
    "UPDATE @refresh_queue AS q SET reason = m.reason, changes = m.changes "
    "FROM unnest($1, $2, $3) AS m (id, reason, changes) WHERE q.id = m.id";

constexpr std::string_view kSettle = "DELETE FROM @refresh_queue WHERE id = ANY($1)";

}  // namespace

Statement RefreshQueue::reading(const Column& skus, const Column& sources) {
  return {"find products in the refresh queue", kRead, Values::of(skus, sources)};
}

void RefreshQueue::take(const Result& waiting) {
  for (int i = 0; i < waiting.rows(); ++i) {
    const Row row(waiting, i);
    catalogue::QueueEntry entry;
    entry.id = row.integer(0);
    entry.source = row.text(1);
    entry.sku = row.text(2);
    entry.name = full_name(entry.key());
    entry.claimed_at = row.time_or_none(3);
    entry.changes = row.text(4);
    waiting_.emplace(std::pair(row.text(1), row.text(2)), std::move(entry));
  }
}

bool RefreshQueue::add(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes) {
  changes = catalogue::condensed(std::move(changes), hasher_);
  const auto waiting = waiting_.find({product.source, product.sku});
  if (waiting != waiting_.end()) return merge(waiting->second, std::move(changes));
  added_.skus.add(product.sku);
  added_.sources.add(product.source);
  added_.reasons.add(join_reasons(changes));
  added_.changes.add(to_json(changes));
  return true;
}

bool RefreshQueue::merge(const catalogue::QueueEntry& waiting, std::vector<catalogue::Change> changes) {
  const auto merged =
      catalogue::merge_changes(changes_of(waiting, database_), std::move(changes),
                               waiting.claimed_at ? catalogue::TakenBack::kept : catalogue::TakenBack::dropped);
  if (merged.empty()) {
    settled_.add(waiting.id);
    return false;
  }
  merged_.ids.add(waiting.id);
  merged_.reasons.add(join_reasons(merged));
  merged_.changes.add(to_json(merged));
  return true;
}

void RefreshQueue::write(std::vector<Statement>& statements) {
  if (settled_.size() > 0)
    statements.push_back(
        {"drop from the refresh queue", kSettle, Values::of(std::exchange(settled_, Column(Column::Type::number)))});
  if (auto [ids, reasons, changes] = std::exchange(merged_, {}); ids.size() > 0)
    statements.push_back(
        {"merge into the refresh queue", kMerge, Values::of(std::move(ids), std::move(reasons), std::move(changes))});
  if (auto [skus, sources, reasons, changes] = std::exchange(added_, {}); skus.size() > 0)
    statements.push_back(
        {"add to the refresh queue", kAdd,
         Values::of(std::move(skus), std::move(sources), std::move(reasons), std::move(changes), now_)});
}

}  // namespace pipeline::store::postgres
