#include "pipeline/base/text.h"
#include "pipeline/metrics/report.h"
#include "pipeline/metrics/terminal_table.h"

#include "decimal.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pipeline::metrics {
namespace {

using Line = std::vector<std::string>;

std::string name_of(const Row& row, std::string_view suffix = "") {
  std::string_view name = row.metric;
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return row.labels.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, to_text(row.labels));
}

}  // namespace

std::string format_table(const std::vector<Row>& rows, double least_share) {
  double whole = 0;
  for (const Row& row : rows)
    if (row.kind == Kind::timer && row.metric.ends_with("_total_seconds")) whole = std::max(whole, row.sum);
  std::vector<Line> stages{{"stage", "count", "p50", "p95", "p99", "mean", "max"}};
  std::vector<Line> counters{{"counter", "value"}};
  std::vector<Line> gauges{{"gauge", "value"}};
  for (const Row& row : rows) {
    if (row.kind == Kind::timer) {
      if (row.count == 0 || row.sum < whole * least_share) continue;
      Line& line = stages.emplace_back(Line{name_of(row, "_seconds"), format_count(row.count)});
      for (const double seconds : {row.p50, row.p95, row.p99, row.mean, row.max})
        line.push_back(format_duration(seconds));
    } else if (row.kind == Kind::gauge || row.sum != 0) {  // what never happened is noise in a table
      (row.kind == Kind::counter ? counters : gauges).push_back({name_of(row), format_number(row.sum)});
    }
  }

  std::string text;
  for (auto* const part : {&stages, &counters, &gauges}) {
    if (part->size() == 1) continue;  // its heading alone
    if (!text.empty()) text += '\n';
    text += align_in_terminal(*part, "l" + std::string(part->front().size() - 1, 'r'));
  }
  return text;
}

}  // namespace pipeline::metrics
