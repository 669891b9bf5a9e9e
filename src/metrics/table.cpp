#include "pipeline/base/text.h"
#include "pipeline/metrics/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pipeline::metrics {
namespace {

constexpr std::size_t kTerminalColumns = 100;
constexpr std::string_view kGap = "  ";

using Line = std::vector<std::string>;

// The first column to the left and shortened to what the others leave it, the others to the right.
std::string align(std::vector<Line> lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const Line& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  const std::size_t others =
      std::accumulate(widths.begin() + 1, widths.end(), std::size_t{0},
                      [](std::size_t sum, std::size_t width) { return sum + kGap.size() + width; });
  widths[0] = std::min(widths[0], kTerminalColumns - std::min(others, kTerminalColumns));

  std::string text;
  for (Line& line : lines) {
    line[0] = shorten(line[0], widths[0]);
    text.append(line[0]).append(widths[0] - display_width(line[0]), ' ');
    for (std::size_t i = 1; i < line.size(); ++i)
      text.append(kGap).append(widths[i] - display_width(line[i]), ' ').append(line[i]);
    text += '\n';
  }
  return text;
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
