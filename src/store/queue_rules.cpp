#include "pipeline/store/queue_rules.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pipeline::store {
namespace {

using catalogue::QueueEntry;
using catalogue::QueueStatus;
using Kind = QueueMove::Kind;

QueueMove refused(std::int64_t id, std::string why) {
  return {id, Kind::refused, std::move(why)};
}

// Why the worker has no say over the entry; absent when it has.
std::optional<std::string> objection(const QueueEntry& entry, const std::optional<std::string>& worker) {
  if (!worker) return std::nullopt;
  if (entry.status != QueueStatus::claimed)
    return fmt::format("entry {} is {}: {} does not hold it", entry.id, to_string(entry.status), *worker);
  if (entry.claimed_by != *worker)
    return fmt::format("entry {} is claimed by {} since {}", entry.id, entry.claimed_by,
                       entry.claimed_at ? format_utc(*entry.claimed_at) : "an unknown time");
  return std::nullopt;
}

QueueMove judge_end(const QueueEntry& entry, const QueueOrder& order, const std::optional<std::string>& worker) {
  const bool is_finish = order.kind == QueueOrder::Kind::finish;
  if (is_finish && entry.status == QueueStatus::done) return {entry.id, Kind::done_before, {}};
  if (auto why = objection(entry, worker)) return refused(entry.id, std::move(*why));
  if (is_finish) return {entry.id, Kind::done, {}};
  if (entry.status != QueueStatus::claimed)
    return refused(entry.id,
                   fmt::format("entry {} is {}: only a claimed entry can fail", entry.id, to_string(entry.status)));
  return {entry.id, entry.attempts < order.max_attempts ? Kind::pending : Kind::failed, {}};
}

}  // namespace

std::vector<QueueOrder> orders_of(std::span<const std::int64_t> ids, const QueueOrder& order) {
  std::vector<QueueOrder> orders(ids.size(), order);
  for (std::size_t i = 0; i < ids.size(); ++i) orders[i].id = ids[i];
  return orders;
}

std::vector<QueueOrder> orders_of(std::span<const QueueEnd> ends) {
  std::vector<QueueOrder> orders;
  orders.reserve(ends.size());
  for (const QueueEnd& end : ends)
    orders.push_back({.id = end.id,
                      .kind = end.reason.empty() ? QueueOrder::Kind::finish : QueueOrder::Kind::give_up,
                      .reason = end.reason,
                      .max_attempts = end.max_attempts});
  return orders;
}

QueueOrder order_of_expired(const QueueEntry& entry, int max_attempts) {
  return {.id = entry.id,
          .kind = QueueOrder::Kind::give_up,
          .reason = fmt::format("lease ran out {} time{}", entry.attempts, entry.attempts == 1 ? "" : "s"),
          .max_attempts = max_attempts};
}

QueueMove judge(const QueueEntry& entry, const QueueOrder& order, const std::optional<std::string>& worker) {
  if (order.kind != QueueOrder::Kind::try_again) return judge_end(entry, order, worker);
  if (entry.status == QueueStatus::failed) return {entry.id, Kind::pending, {}};
  return refused(entry.id,
                 fmt::format("entry {} is {}: only a FAILED entry is tried again", entry.id, to_string(entry.status)));
}

QueueMove no_such_entry(std::int64_t id) {
  return refused(id, fmt::format("there is no entry {}", id));
}

QueueEntry moved(const QueueEntry& entry, const QueueMove& move, const QueueOrder& order, WallTime now) {
  QueueEntry after = entry;
  if (move.kind == Kind::refused || move.kind == Kind::done_before) return after;
  const bool waits = move.kind == Kind::pending;
  after.status = waits ? QueueStatus::pending : move.kind == Kind::done ? QueueStatus::done : QueueStatus::failed;
  after.lease_until = std::nullopt;
  after.finished_at = waits ? std::nullopt : std::optional(now);
  after.error = order.reason;
  if (order.kind == QueueOrder::Kind::try_again) after.attempts = 0;
  return after;
}

std::vector<catalogue::Change> changes_of(const QueueEntry& entry, std::string_view database) {
  try {
    return catalogue::parse_changes(entry.changes);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: entry {} of the refresh queue, product {}: {}: delete the entry or mark it as DONE",
                            database, entry.id, entry.name, error.what()));
  }
}

JoinedEntries joined(const QueueEntry& returned, const QueueEntry& waiting, std::string_view database) {
  const auto& [older, later] = returned.id < waiting.id ? std::tie(returned, waiting) : std::tie(waiting, returned);
  const auto merged =
      catalogue::merge_changes(changes_of(older, database), changes_of(later, database), catalogue::TakenBack::kept);
  JoinedEntries both{.kept = returned, .deleted = later.id};
  both.kept.id = older.id;
  both.kept.enqueued_at = older.enqueued_at;
  both.kept.reason = join_reasons(merged);
  both.kept.changes = to_json(merged);
  both.kept.attempts = std::max(returned.attempts, waiting.attempts);
  return both;
}

}  // namespace pipeline::store
