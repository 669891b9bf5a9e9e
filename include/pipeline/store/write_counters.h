#pragma once

#include "pipeline/metrics/metrics.h"
#include "pipeline/store/catalogue.h"

#include <cstdint>

namespace pipeline::store {

// Counts what was written: db_upsert_rows_total (rows inserted or rewritten), no_change_skip_total (products that are
// as they were) and refresh_queue_enqueue_total (queue entries added or merged into).
class WriteCounters {
 public:
  explicit WriteCounters(metrics::Metrics& metrics)
      : rows_(metrics.counter("db_upsert_rows_total")),
        skipped_(metrics.counter("no_change_skip_total")),
        enqueued_(metrics.counter("refresh_queue_enqueue_total")) {}

  void add(const Written& written) noexcept {
    rows_.add(static_cast<std::uint64_t>(written.count(WriteOutcome::inserted) + written.count(WriteOutcome::updated)));
    add_skipped(written.count(WriteOutcome::unchanged));
    add_enqueued(written.enqueued);
  }
  void add_skipped(std::int64_t products) noexcept { skipped_.add(static_cast<std::uint64_t>(products)); }
  void add_enqueued(std::int64_t entries) noexcept { enqueued_.add(static_cast<std::uint64_t>(entries)); }

 private:
  metrics::Counter rows_;
  metrics::Counter skipped_;
  metrics::Counter enqueued_;
};

}  // namespace pipeline::store
