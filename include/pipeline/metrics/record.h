#pragma once

#include "pipeline/base/clock.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a run measured: made by metrics.h, written and read back by run_files.h, judged, exposed, compared and drawn.
namespace pipeline::metrics {

enum class Kind { timer, counter, gauge };

[[nodiscard]] std::string_view to_string(Kind kind) noexcept;  // timer, counter, gauge
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text) noexcept;

// Names and values, in the order given.
using LabelList = std::vector<std::pair<std::string, std::string>>;

// As files and people have them: `endpoint=detail;status=200`; `;` and `\` in a value have a `\` before them.
[[nodiscard]] std::string to_text(const LabelList& labels);
[[nodiscard]] LabelList parse_labels(std::string_view text);

// The value of the label; empty where it is not there.
[[nodiscard]] std::string_view value_of(const LabelList& labels, std::string_view name) noexcept;
// Whether each of `wanted` is among `labels`, with the same value.
[[nodiscard]] bool has_labels(const LabelList& labels, const LabelList& wanted) noexcept;

// A metric under one label set. A counter or gauge fills `sum` only. Times are in seconds.
struct Row {
  Kind kind = Kind::counter;
  std::string metric;
  LabelList labels;
  std::string unit;         // seconds, bytes, rows, ...: the metric's suffix, else 1
  std::uint64_t count = 0;  // of a timer; with none the rest is 0
  double sum = 0;
  double min = 0, mean = 0, p50 = 0, p95 = 0, p99 = 0, max = 0;
};

// The figures of a row by their names, in the order of the files.
struct Figure {
  std::string_view name;
  double Row::*value;
};
inline constexpr std::array<Figure, 7> kFigures{{{"sum", &Row::sum},
                                                 {"min", &Row::min},
                                                 {"mean", &Row::mean},
                                                 {"p50", &Row::p50},
                                                 {"p95", &Row::p95},
                                                 {"p99", &Row::p99},
                                                 {"max", &Row::max}}};

// The row's metric and labels are these.
[[nodiscard]] inline auto named(std::string_view metric, const LabelList& labels) {
  return [metric, &labels](const auto& one) { return one.metric == metric && one.labels == labels; };
}

// `sync_total_seconds`, the timer of a whole run; `command queue list` is timed as queue.
[[nodiscard]] std::string total_metric(std::string_view command);

// What every row of a run's files says of the run.
struct RunInfo {
  std::string run_id;
  std::string trace_id;
  std::string command;
  WallTime started_at;
  std::optional<int> exit_code = std::nullopt;  // where it is known: files of version 0.1 do not tell it
};

struct Run {
  RunInfo info;
  std::vector<Row> rows;
};

// One timed stage, as the samples file has it.
struct Sample {
  std::string_view metric;
  std::string_view content_id;
  std::string_view sku;
  WallTime started_at;
  double seconds = 0;
};

}  // namespace pipeline::metrics
