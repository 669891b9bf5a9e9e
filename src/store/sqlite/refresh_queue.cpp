#include "refresh_queue.h"

#include "pipeline/base/error.h"
#include "pipeline/catalogue/changes.h"
#include "pipeline/store/queue_rules.h"

#include "queue_row.h"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace pipeline::store::sqlite {

RefreshQueue::RefreshQueue(Connection& connection)
    : connection_(connection),
      add_(connection, "add to the refresh queue",
           "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, changes) "
           "VALUES (?1, ?2, ?3, 'PENDING', ?4, ?5) ON CONFLICT (sku, source) WHERE status = 'PENDING' DO NOTHING"),
      find_(connection, "find a product in the refresh queue",
            fmt::format("SELECT {} FROM refresh_queue AS q WHERE sku = ?1 AND source = ?2 AND status = 'PENDING'",
                        kQueueColumns)),
      update_(connection, "merge into the refresh queue",
              "UPDATE refresh_queue SET reason = ?2, changes = ?3 WHERE id = ?1"),
      put_back_(
          connection, "put back into the refresh queue",
          "UPDATE refresh_queue SET status = 'PENDING', reason = ?2, changes = ?3, attempts = ?4, claimed_at = ?5, "
          "claimed_by = ?6, error = ?7, lease_until = NULL, finished_at = NULL WHERE id = ?1"),
      delete_(connection, "drop from the refresh queue", "DELETE FROM refresh_queue WHERE id = ?1") {}

Enqueued RefreshQueue::enqueue(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes) {
  auto kept = catalogue::condensed(std::move(changes), hasher_);
  const std::string json = to_json(kept);
  const std::string reasons = join_reasons(kept);
  add_.bind(1, product.sku).bind(2, product.source).bind(3, reasons).bind(4, connection_.clock().wall()).bind(5, json);
  add_.run();
  return connection_.changes() == 1 ? Enqueued::added : merge(product, std::move(kept));
}

Enqueued RefreshQueue::merge(const catalogue::ProductKey& product, std::vector<catalogue::Change> changes) {
  const auto waiting = pending(product);
  if (!waiting) throw Error(fmt::format("{}: no queue entry of {}", connection_.path().string(), full_name(product)));
  const auto merged =
      catalogue::merge_changes(changes_of(*waiting, connection_.path().string()), std::move(changes),
                               waiting->claimed_at ? catalogue::TakenBack::kept : catalogue::TakenBack::dropped);
  if (merged.empty()) {
    delete_.bind(1, waiting->id).run();
    return Enqueued::settled;
  }
  const std::string json = to_json(merged);
  const std::string reasons = join_reasons(merged);
  update_.bind(1, waiting->id).bind(2, reasons).bind(3, json).run();
  return Enqueued::merged;
}

void RefreshQueue::put_back(const catalogue::QueueEntry& entry) {
  catalogue::QueueEntry kept = entry;
  if (const auto waiting = pending(entry.key())) {
    JoinedEntries both = joined(entry, *waiting, connection_.path().string());
    kept = std::move(both.kept);
    delete_.bind(1, both.deleted).run();
  }
  put_back_.bind(1, kept.id).bind(2, kept.reason).bind(3, kept.changes).bind(4, std::int64_t{kept.attempts});
  put_back_.bind(5, kept.claimed_at).bind(6, kept.claimed_by);
  kept.error.empty() ? put_back_.bind(7, std::nullopt) : put_back_.bind(7, kept.error);
  put_back_.run();
}

std::optional<catalogue::QueueEntry> RefreshQueue::pending(const catalogue::ProductKey& product) {
  const Statement::Use use(find_);
  return find_.bind(1, product.sku).bind(2, product.source).step() ? std::optional(queue_entry_of(find_))
                                                                   : std::nullopt;
}

}  // namespace pipeline::store::sqlite
