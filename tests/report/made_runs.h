#pragma once

#include "pipeline/report/run_group.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::test {

// A timer's row whose quantiles are p50, 1.2 and 1.5 times that.
inline metrics::Row stage(const std::string& metric, double p50, std::uint64_t count = 1000,
                          std::string_view labels = "") {
  const auto n = static_cast<double>(count);
  return {.kind = metrics::Kind::timer,
          .metric = metric,
          .labels = metrics::parse_labels(labels),
          .unit = "seconds",
          .count = count,
          .sum = p50 * n,
          .min = p50 / 2,
          .mean = p50,
          .p50 = p50,
          .p95 = p50 * 1.2,
          .p99 = p50 * 1.5,
          .max = p50 * 2};
}

inline metrics::Row counter(const std::string& metric, double sum, std::string_view labels = "") {
  return {.kind = metrics::Kind::counter,
          .metric = metric,
          .labels = metrics::parse_labels(labels),
          .unit = "1",
          .sum = sum};
}

inline metrics::Run run(const std::string& id, std::vector<metrics::Row> rows, const std::string& command = "sync") {
  return {.info = {.run_id = id, .trace_id = "0af7651916cd43dd8448eb211c80319c", .command = command, .started_at = {}},
          .rows = std::move(rows)};
}

inline report::RunGroup group(std::vector<metrics::Run> runs) {
  report::RunGroup group;
  for (metrics::Run& one : runs) {
    group.files.emplace_back(one.info.run_id + ".csv");
    group.runs.push_back(std::move(one));
  }
  return group;
}

// Runs with a total of 10 s and one stage whose p50 is as given, one run each.
inline report::RunGroup runs_with(const std::string& side, const std::vector<double>& p50s,
                                  const std::string& metric = "detail_fetch_seconds") {
  std::vector<metrics::Run> runs;
  for (const double p50 : p50s)
    runs.push_back(
        run(fmt::format("{}{}", side, runs.size()), {stage("sync_total_seconds", 10, 1), stage(metric, p50)}));
  return group(std::move(runs));
}

}  // namespace pipeline::test
