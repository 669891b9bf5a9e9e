#include "pipeline/store/refresh_queue.h"

#include "pipeline/base/error.h"

#include "change_list.h"

#include <fmt/core.h>

#include <string>

namespace pipeline::store {

RefreshQueue::RefreshQueue(Database& database)
    : database_(database),
      add_(database, "add to the refresh queue",
           "INSERT INTO refresh_queue (sku, reason, status, enqueued_at, changes) VALUES (?1, ?2, 'PENDING', ?3, ?4) "
           "ON CONFLICT (sku) WHERE status = 'PENDING' DO NOTHING"),
      find_(database, "find a product in the refresh queue",
            "SELECT id, changes FROM refresh_queue WHERE sku = ?1 AND status = 'PENDING'"),
      update_(database, "merge into the refresh queue",
              "UPDATE refresh_queue SET reason = ?2, changes = ?3 WHERE id = ?1"),
      delete_(database, "drop from the refresh queue", "DELETE FROM refresh_queue WHERE id = ?1") {}

Enqueued RefreshQueue::enqueue(std::string_view sku, const std::vector<Change>& changes) {
  const std::string json = to_json(changes, hasher_);
  const std::string reasons = join_reasons(changes);
  add_.bind(1, sku).bind(2, reasons).bind(3, database_.clock().wall()).bind(4, json).run();
  return database_.changes() == 1 ? Enqueued::added : merge(sku, json);
}

// The new changes come as JSON too, so that both sides have the same form: long values as digests.
Enqueued RefreshQueue::merge(std::string_view sku, std::string_view changes) {
  std::int64_t id = 0;
  std::vector<Change> earlier;
  {
    find_.bind(1, sku);
    const Statement::Use use(find_);
    if (!find_.step()) throw Error(fmt::format("{}: no queue entry of {}", database_.path().string(), sku));
    id = find_.integer(0);
    try {
      earlier = parse_changes(find_.text(1));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: entry {} of the refresh queue, product {}: {}: delete the entry or mark it as DONE",
                              database_.path().string(), id, sku, error.what()));
    }
  }
  const std::vector<Change> merged = merge_changes(std::move(earlier), parse_changes(changes));
  if (merged.empty()) {
    delete_.bind(1, id).run();
    return Enqueued::settled;
  }
  const std::string json = to_json(merged, hasher_);
  const std::string reasons = join_reasons(merged);
  update_.bind(1, id).bind(2, reasons).bind(3, json).run();
  return Enqueued::merged;
}

}  // namespace pipeline::store
