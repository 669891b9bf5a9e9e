#include "pipeline/store/queue_list.h"

#include "queue_row.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::store {
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

QueueList::QueueList(Database& database) : list_(database, "list the refresh queue", list_sql()) {}

void QueueList::each(const QueueFilter& filter, const std::function<void(const catalogue::QueueEntry&)>& sink) {
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
    const catalogue::QueueEntry entry = read_queue_row(list_);
    if (!filter.reasons.empty() && !has_any(entry.reason, filter.reasons)) continue;
    sink(entry);
    ++given;
  }
}

}  // namespace pipeline::store
