#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/metrics/metrics.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::metrics {

// What every row of a run's files says of the run.
struct RunInfo {
  std::string run_id;
  std::string trace_id;
  std::string command;
  WallTime started_at;
  std::optional<int> exit_code = std::nullopt;  // where it is known: files of version 0.1 do not tell it
};

// The run's CSV (RFC 4180, CRLF as it says, header first, written atomically):
//   run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code
// `<dir>/<command>-<run_id>.csv`, which is returned; makes the folder. Throws Error.
std::filesystem::path write_run_csv(const std::filesystem::path& dir, const RunInfo& run, const std::vector<Row>& rows);

// `<dir>/<command>-<run_id>-samples.csv`: trace_id,content_id,sku,metric,started_at,seconds; a row a timed stage,
// streamed from the metrics' temporary file.
std::filesystem::path write_samples_csv(const std::filesystem::path& dir, const RunInfo& run, const Metrics& metrics);

// The run's rows with `started_at` in front, appended to `<dir>/history.csv` under a lock. Where
// the file begins with another header, ours stands again in front of them.
void append_history(const std::filesystem::path& dir, const RunInfo& run, const std::vector<Row>& rows);

// How a run ended.
struct RunEnd {
  WallTime at;
  int exit_code = 0;
  Verdicts verdicts;  // none: no budget was given, or it has no rule for the command
};

// Prometheus text format 0.0.4 for the node exporter's textfile collector, written atomically, all labelled with the
// command: counters (gauges, where the name lacks `_total`), gauges, timers as summaries with quantiles 0.5, 0.95 and
// 0.99; `pipeline_last_run_timestamp_seconds`, `pipeline_last_run_duration_seconds`, `pipeline_last_run_exit_code`; of
// a budget how many rules came out so, `pipeline_budget_rules{outcome}`, and 1 or 0 of each that could be judged,
// `pipeline_budget_rule_kept{set,rule}`. No label has an id in it.
void write_prometheus(const std::filesystem::path& file, const RunInfo& run, const std::vector<Row>& rows,
                      const RunEnd& end);

// The end-of-run table: a line a stage with count, p50, p95, p99 (then mean, max), then the counters. Plain text,
// aligned by display width, at most 100 columns, no colour. Stages that never ran and counters that never counted are
// left out.
[[nodiscard]] std::string format_table(const std::vector<Row>& rows);

}  // namespace pipeline::metrics
