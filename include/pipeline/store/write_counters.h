#pragma once

#include "pipeline/metrics/metrics.h"
#include "pipeline/store/catalogue.h"

namespace pipeline::store {

// Counts what was written: db_upsert_rows_total (rows inserted or rewritten), no_change_skip_total (products that are
// as they were) and refresh_queue_enqueue_total (queue entries added or merged into).
class WriteCounters {
 public:
  explicit WriteCounters(metrics::Metrics& metrics);

  void add(const Written& written) noexcept;
  void add_skipped(std::int64_t products) noexcept;
  void add_enqueued(std::int64_t entries) noexcept;

 private:
  metrics::Counter rows_;
  metrics::Counter skipped_;
  metrics::Counter enqueued_;
};

}  // namespace pipeline::store
