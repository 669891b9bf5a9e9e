#pragma once

#include "pipeline/metrics/metrics.h"

#include <array>

namespace pipeline::package {

// The command's measurements; docs/commands.md tells of each.
struct PackageMetrics {
  explicit PackageMetrics(metrics::Metrics& metrics);

  metrics::Metrics& all;
  metrics::Timer build;
  metrics::Timer check;
  metrics::Timer read;
  metrics::Timer hash;
  metrics::Timer copy;
  metrics::Timer keyframes;
  metrics::Timer zip;
  metrics::Counter naver_bytes;
  metrics::Counter unique_bytes;
  std::array<metrics::Counter, 4> packages;  // by Status
  metrics::Counter images;
  metrics::Gauge most_images;  // of a post that was packed in this run
  metrics::Counter duplicates;
  metrics::Counter keyframes_packed;
  metrics::Counter video_timeouts;
};

}  // namespace pipeline::package
