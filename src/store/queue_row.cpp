#include "queue_row.h"

namespace pipeline::store {
namespace {

WallTime time_at(const Statement& row, int column) {
  return WallTime(std::chrono::milliseconds(row.integer(column)));
}

std::optional<WallTime> time_or_none(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}

}  // namespace

catalogue::QueueEntry read_queue_row(const Statement& row) {
  catalogue::QueueEntry entry;
  entry.id = row.integer(0);
  entry.sku = row.text(1);
  entry.reason = row.text(2);
  entry.status = catalogue::parse_queue_status(row.text(3)).value();  // a CHECK of the table admits no other
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
