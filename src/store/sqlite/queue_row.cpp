#include "queue_row.h"

namespace pipeline::store::sqlite {
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
  entry.source = row.text(1);
  entry.sku = row.text(2);
  entry.name = row.text(3);
  entry.reason = row.text(4);
  entry.status = catalogue::parse_queue_status(row.text(5)).value();  // a CHECK of the table admits no other
  entry.attempts = static_cast<int>(row.integer(6));
  entry.enqueued_at = time_at(row, 7);
  entry.claimed_at = time_or_none(row, 8);
  entry.claimed_by = row.text(9);
  entry.lease_until = time_or_none(row, 10);
  entry.finished_at = time_or_none(row, 11);
  entry.error = row.text(12);
  entry.changes = row.text(13);
  return entry;
}

}  // namespace pipeline::store::sqlite
