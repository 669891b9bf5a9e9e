#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/sync/sync.h"

#include <deque>
#include <string>

namespace pipeline::cli {

// Shows how a sync gets on, on standard error: one line that is rewritten on a terminal, else a log line every ten
// seconds and at each new phase. Log lines and the progress line make room for each other. Main thread.
class SyncProgress {
 public:
  SyncProgress(const Clock& clock, metrics::Metrics& metrics, bool shown);
  ~SyncProgress();
  SyncProgress(const SyncProgress&) = delete;
  SyncProgress& operator=(const SyncProgress&) = delete;

  void update(const sync::Progress& progress);

 private:
  [[nodiscard]] std::string line(const sync::Progress& progress);
  [[nodiscard]] double pace(const sync::Progress& progress);

  const Clock& clock_;
  const bool shown_;
  const bool terminal_;
  metrics::Counter throttled_list_;
  metrics::Counter throttled_detail_;
  sync::Phase phase_ = sync::Phase::token;
  SteadyTime next_;
  struct Point {
    SteadyTime at;
    std::int64_t done;
  };
  std::deque<Point> recent_;  // of the last seconds, for the pace
};

}  // namespace pipeline::cli
