#pragma once

#include "pipeline/metrics/metrics.h"
#include "pipeline/sync/sync.h"

#include "progress_line.h"

#include <string>

namespace pipeline::cli {

// How a sync gets on. Main thread.
class SyncProgress {
 public:
  SyncProgress(const Clock& clock, metrics::Metrics& metrics, bool shown);

  void update(const sync::Progress& progress);

 private:
  [[nodiscard]] std::string text(const sync::Progress& progress);
  [[nodiscard]] std::string waiting_text(const http::Outage& outage) const;

  const Clock& clock_;
  ProgressLine line_;
  Pace pace_;  // of details
  metrics::Counter throttled_list_;
  metrics::Counter throttled_detail_;
  sync::Phase phase_ = sync::Phase::token;
};

}  // namespace pipeline::cli
