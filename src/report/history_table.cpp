#include "pipeline/base/text.h"
#include "pipeline/metrics/terminal_table.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/weeks.h"

#include "weeks_rows.h"
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pipeline::report {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastName = 20;
constexpr std::size_t kLeastRule = 32;  // cut shorter, rules begin to look alike
constexpr std::size_t kMostBars = 16;

using HistoryCells = std::vector<std::string>;

// The last weeks from the lowest to the highest value, a character each; a gap where there is none.
std::string sparkline(const std::vector<std::optional<double>>& values) {
  constexpr std::array<std::string_view, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low = INFINITY;
  double high = -INFINITY;
  const std::size_t first = values.size() - std::min(values.size(), kMostBars);
  for (std::size_t i = first; i < values.size(); ++i) {
    if (!values[i]) continue;
    low = std::min(low, *values[i]);
    high = std::max(high, *values[i]);
  }
  std::string bars;
  for (std::size_t i = first; i < values.size(); ++i) {
    if (!values[i]) {
      bars += ' ';
      continue;
    }
    const double height = high > low ? (*values[i] - low) / (high - low) : 0;
    bars += kBars[static_cast<std::size_t>(std::lround(height * (kBars.size() - 1)))];
  }
  return bars;
}

// Its first line is its heading.
struct Table {
  std::vector<WeeksRow> lines;
  std::string tail_sides;  // of what stands beside the weeks, as align_columns() has them
  std::size_t least_name = kLeastName;
};

// How many of the last weeks leave the name enough room.
std::size_t weeks_that_fit(const Table& table) {
  const auto& lines = table.lines;
  const auto widest = [&](auto&& cell) {
    std::size_t width = 0;
    for (const WeeksRow& line : lines) width = std::max(width, display_width(cell(line)));
    return width;
  };
  std::size_t used = std::min(table.least_name, widest([](const WeeksRow& line) { return line.name; }));
  for (std::size_t i = 0; i < lines.front().beside.size(); ++i)
    used += kGap + widest([i](const WeeksRow& line) { return line.beside[i]; });
  const std::size_t weeks = lines.front().weeks.size();
  std::size_t fit = 0;
  while (fit < weeks) {
    used += kGap + widest([at = weeks - 1 - fit](const WeeksRow& line) { return line.weeks[at]; });
    if (used > metrics::kTerminalColumns) break;
    ++fit;
  }
  return std::max<std::size_t>(fit, 1);
}

std::string align(const Table& table, std::size_t fit) {
  std::vector<HistoryCells> rows;
  for (const WeeksRow& line : table.lines) {
    HistoryCells& cells = rows.emplace_back(HistoryCells{line.name});
    cells.insert(cells.end(), line.weeks.end() - static_cast<std::ptrdiff_t>(fit), line.weeks.end());
    cells.insert(cells.end(), line.beside.begin(), line.beside.end());
  }
  return metrics::align_in_terminal(std::move(rows), "l" + std::string(fit, 'r') + table.tail_sides);
}

enum class WeekName { with_year, short_one };  // 26-W48, W48

WeeksRow heading(const Weeks& history, std::string name, HistoryCells tail, WeekName form = WeekName::with_year) {
  WeeksRow line{std::move(name), {}, std::move(tail)};
  for (const auto monday : history.weeks)
    line.weeks.push_back(week_name(monday).substr(form == WeekName::with_year ? 2 : 5));
  return line;
}

WeeksRow runs_line(std::string name, const std::vector<std::size_t>& weeks, std::size_t tail) {
  WeeksRow line{std::move(name), {}, HistoryCells(tail)};
  for (const std::size_t runs : weeks) line.weeks.push_back(runs > 0 ? format_count(runs) : "-");
  return line;
}

// The tables of one history, in its reader's language.
struct Tables {
  const Weeks& history;
  bool sparklines;
  const InLanguage& in_language;

  [[nodiscard]] Table series(std::string_view name, const std::vector<WeeksLine>& series,
                             std::string_view statistic) const {
    Table table{{}, sparklines ? "rll" : "rl"};
    const std::string a_week = in_language("a week");
    table.lines.push_back(
        heading(history, in_language(name), sparklines ? HistoryCells{a_week, "", ""} : HistoryCells{a_week, ""}));
    for (const WeeksLine& line : series) {
      WeeksRow& row = table.lines.emplace_back(row_of(line, statistic));
      row.beside.back() = in_language(row.beside.back());
      if (sparklines) row.beside.push_back(sparkline(line.values));
    }
    return table;
  }

  [[nodiscard]] Table stages(const WeeksSection& section) const {
    Table table = series("stage", section.stages, history.statistic);
    const auto tail = table.tail_sides.size();
    if (section.has_failed())
      table.lines.insert(table.lines.begin() + 1, runs_line(in_language("failed, left out"), section.failed, tail));
    table.lines.insert(table.lines.begin() + 1, runs_line(in_language("runs"), section.runs, tail));
    return table;
  }

  // The years stand in the tables above: names of rules need the room.
  [[nodiscard]] Table rules(const WeeksSection& section) const {
    Table table{{}, "r", kLeastRule};
    table.lines.push_back(
        heading(history, in_language("runs over budget"), {in_language("limit")}, WeekName::short_one));
    for (const RuleLine& rule : section.rules) table.lines.push_back(row_of(rule));
    return table;
  }
};

}  // namespace

WeeksRow row_of(const WeeksLine& line, std::string_view statistic) {
  WeeksRow row{series_name(line.metric, line.labels), {}, {}};
  for (const auto& value : line.values)
    row.weeks.push_back(!value                 ? "-"
                        : statistic == "count" ? format_count(std::llround(*value))
                                               : format_duration(*value));
  const bool known = line.trend.kind != Trend::Kind::too_few;
  row.beside = {known ? growth_text(line.trend.per_step) : "-", std::string(to_string(line.trend.kind))};
  return row;
}

WeeksRow row_of(const RuleLine& rule) {
  WeeksRow row{name_of(rule.rule), {}, {format_limit(rule.rule.measure, rule.rule.limit)}};
  for (const RuleWeek& week : rule.weeks) row.weeks.push_back(week_text(week));
  return row;
}

std::string history_table(const Weeks& history, bool sparklines, const InLanguage& in_language) {
  const Tables tables{history, sparklines, in_language};
  std::string text;
  bool all_fit = true;
  bool any_rules = false;
  for (const WeeksSection& section : history.sections) {
    text += fmt::format("{}: {} of the stages, the median over a week's runs\n", section.command, history.statistic);
    for (const Table& table :
         {tables.stages(section), tables.series("counter, in all", section.counters, "count"), tables.rules(section)}) {
      if (table.lines.size() == 1) continue;  // its heading alone
      const std::size_t fit = weeks_that_fit(table);
      all_fit = all_fit && fit == history.weeks.size();
      text += align(table, fit) + '\n';
    }
    any_rules = any_rules || !section.rules.empty();
    if (history.has_budget && section.rules.empty()) text += std::string(kNoRules) + '\n';
  }
  if (any_rules) text += kRulesLegend;
  if (!all_fit) text += fmt::format("Not all of the {} weeks fit here; --format csv has them.\n", history.weeks.size());
  return text + fmt::format("{} run{} from {} to {}. Rising, falling: by chance in at most 5 of 100 such rows.\n",
                            format_count(history.runs), history.runs == 1 ? "" : "s", week_name(history.weeks.front()),
                            week_name(history.weeks.back()));
}

}  // namespace pipeline::report
