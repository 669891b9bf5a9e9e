#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/metrics/record.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::metrics {

// A gauge beside those of the run: how things stand at its end.
struct GaugeFamily {
  std::string name;  // without `pipeline_`
  std::string help;
  std::vector<std::pair<LabelList, double>> samples;
};

// How a run ended.
struct RunEnd {
  WallTime at;
  int exit_code = 0;
  Verdicts verdicts;  // none: no budget was given, or it has no rule for the command
  std::vector<GaugeFamily> standing{};
};

// Prometheus text format 0.0.4 for the node exporter's textfile collector, written atomically, all labelled with the
// command: counters (gauges, where the name lacks `_total`), gauges, timers as summaries with quantiles 0.5, 0.95 and
// 0.99; `pipeline_last_run_timestamp_seconds`, `pipeline_last_run_duration_seconds`, `pipeline_last_run_exit_code`; of
// a budget how many rules came out so, `pipeline_budget_rules{outcome}`, and 1 or 0 of each that could be judged,
// `pipeline_budget_rule_kept{set,rule}`; the gauges of `standing`. No label has an id in it.
void write_prometheus(const std::filesystem::path& file, const RunInfo& run, const std::vector<Row>& rows,
                      const RunEnd& end);

// The end-of-run table: one line per stage with count, p50, p95, p99 (then mean, max), then the counters. Plain text,
// aligned by display width, at most 100 columns, no colour. Stages that never ran and counters that never counted are
// left out, and so are stages that took less than this share of the whole run, all threads together.
[[nodiscard]] std::string format_table(const std::vector<Row>& rows, double least_share = 0);

}  // namespace pipeline::metrics
