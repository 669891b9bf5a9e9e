#include "pipeline/store/queue_entry.h"

#include "queue_row.h"

#include <array>

namespace pipeline::store {
namespace {

constexpr std::array kStatuses = {QueueStatus::pending, QueueStatus::claimed, QueueStatus::done, QueueStatus::failed};

WallTime time_at(const Statement& row, int column) {
  return WallTime(std::chrono::milliseconds(row.integer(column)));
}

std::optional<WallTime> time_or_none(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

}  // namespace

std::string_view to_string(QueueStatus status) noexcept {
  switch (status) {
    case QueueStatus::pending:
      return "PENDING";
    case QueueStatus::claimed:
      return "CLAIMED";
    case QueueStatus::done:
      return "DONE";
    case QueueStatus::failed:
      return "FAILED";
  }
  return "";
}

std::optional<QueueStatus> parse_queue_status(std::string_view name) noexcept {
  for (const QueueStatus status : kStatuses)
    if (to_string(status) == name) return status;
  return std::nullopt;
}

QueueEntry read_queue_row(const Statement& row) {
  QueueEntry entry;
  entry.id = row.integer(0);
  entry.sku = row.text(1);
  entry.reason = row.text(2);
  entry.status = parse_queue_status(row.text(3)).value();  // a CHECK of the table admits no other
  entry.attempts = static_cast<int>(row.integer(4));
  entry.enqueued_at = time_at(row, 5);
  entry.claimed_at = time_or_none(row, 6);
  entry.claimed_by = row.text(7);
  entry.lease_until = time_or_none(row, 8);
  entry.finished_at = time_or_none(row, 9);
  entry.error = row.text(10);
  entry.changes = row.text(11);
  return entry;
}

}  // namespace pipeline::store
