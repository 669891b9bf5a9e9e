#include "pipeline/store/write_counters.h"

namespace pipeline::store {
namespace {

std::uint64_t amount(std::int64_t n) noexcept {
  return static_cast<std::uint64_t>(n);
}

}  // namespace

WriteCounters::WriteCounters(metrics::Metrics& metrics)
    : rows_(metrics.counter("db_upsert_rows_total")),
      skipped_(metrics.counter("no_change_skip_total")),
      enqueued_(metrics.counter("refresh_queue_enqueue_total")) {}

void WriteCounters::add(const Written& written) noexcept {
  rows_.add(amount(written.count(WriteOutcome::inserted) + written.count(WriteOutcome::updated)));
  add_skipped(written.count(WriteOutcome::unchanged));
  add_enqueued(written.enqueued);
}

void WriteCounters::add_skipped(std::int64_t products) noexcept {
  skipped_.add(amount(products));
}

void WriteCounters::add_enqueued(std::int64_t entries) noexcept {
  enqueued_.add(amount(entries));
}

}  // namespace pipeline::store
