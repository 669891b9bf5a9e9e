#include "queue_row.h"

namespace pipeline::store::postgres {

catalogue::QueueEntry read_queue_row(const Row& row) {
  catalogue::QueueEntry entry;
  entry.id = row.integer(0);
  entry.source = row.text(1);
  entry.sku = row.text(2);
  entry.name = row.text(3);
  entry.reason = row.text(4);
  entry.status = catalogue::parse_queue_status(row.text(5)).value();  // a CHECK of the table admits no other
  entry.attempts = static_cast<int>(row.integer(6));
  entry.enqueued_at = row.time(7);
  entry.claimed_at = row.time_or_none(8);
  entry.claimed_by = row.text(9);
  entry.lease_until = row.time_or_none(10);
  entry.finished_at = row.time_or_none(11);
  entry.error = row.text(12);
  entry.changes = row.text(13);
  return entry;
}

}  // namespace pipeline::store::postgres
