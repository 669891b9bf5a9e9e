#include "pipeline/base/text.h"
#include "pipeline/metrics/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace pipeline::metrics {
namespace {

constexpr std::size_t kTerminalColumns = 100;
constexpr std::size_t kGap = 2;

using Line = std::vector<std::string>;

// The first column to the left and shortened to what the others leave it, the others to the right.
std::string align(std::vector<Line> lines) {
  const std::size_t columns = lines.front().size();
  std::size_t others = 0;
  for (std::size_t i = 1; i < columns; ++i) {
    std::size_t width = 0;
    for (const Line& line : lines) width = std::max(width, display_width(line[i]));
    others += kGap + width;
  }
  for (Line& line : lines) line[0] = shorten(line[0], kTerminalColumns - std::min(others, kTerminalColumns));
  return align_columns(lines, "l" + std::string(columns - 1, 'r'));
}

std::string name_of(const Row& row, std::string_view suffix = "") {
  std::string_view name = row.metric;
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return row.labels.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, row.labels);
}

std::string format_value(double value) {
  const bool whole = value >= 0 && value < 1e15 && value == std::floor(value);
  return whole ? format_count(static_cast<std::uint64_t>(value)) : fmt::format("{:.4g}", value);
}

}  // namespace

std::string format_table(const std::vector<Row>& rows) {
  std::vector<Line> stages{{"stage", "count", "p50", "p95", "p99", "mean", "max"}};
  std::vector<Line> counters{{"counter", "value"}};
  std::vector<Line> gauges{{"gauge", "value"}};
  for (const Row& row : rows) {
    if (row.kind == Kind::timer) {
      if (row.count == 0) continue;
      Line& line = stages.emplace_back(Line{name_of(row, "_seconds"), format_count(row.count)});
      for (const double seconds : {row.p50, row.p95, row.p99, row.mean, row.max})
        line.push_back(format_duration(seconds));
    } else if (row.kind == Kind::gauge || row.sum != 0) {  // what never happened is noise in a table
      (row.kind == Kind::counter ? counters : gauges).push_back({name_of(row), format_value(row.sum)});
    }
  }

  std::string text;
  for (auto* const part : {&stages, &counters, &gauges}) {
    if (part->size() == 1) continue;  // its heading alone
    if (!text.empty()) text += '\n';
    text += align(std::move(*part));
  }
  return text;
}

}  // namespace pipeline::metrics
