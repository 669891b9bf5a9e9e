#include "pipeline/report/weeks.h"

#include "pipeline/base/text.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/rank_test.h"
#include "pipeline/report/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::report {
namespace {

// Puts what was measured of a command into its weeks.
class SectionMaker {
 public:
  SectionMaker(const CommandHistory& command, const Weeks& weeks, const metrics::Budget* budget)
      : command_(command), weeks_(weeks), budget_(budget), total_(metrics::total_metric(command.command)) {}

  [[nodiscard]] WeeksSection make() const {
    const std::size_t n = weeks_.weeks.size();
    WeeksSection section{command_.command, std::vector<std::size_t>(n), std::vector<std::size_t>(n), {}, {}, {}};
    for (const Group& group : command_.groups) {
      section.runs[place_of(group.at)] = group.runs;
      section.failed[place_of(group.at)] = group.failed;
    }
    for (const TimeSeries& stage : command_.stages) {
      section.stages.push_back(line_of(stage, &Point::middle));
      // What a run has more of where it has more to do shows no trend of its speed.
      if (weeks_.statistic == "sum" || stage.metric == total_) section.stages.back().trend = {};
      if (stage.metric == total_ && weeks_.statistic != "count") add_item(section.stages, stage);
    }
    for (const TimeSeries& counter : command_.counters)
      if (counter.sum != 0) section.counters.push_back(line_of(counter, &Point::sum));
    if (budget_ != nullptr) section.rules = rules();
    return section;
  }

 private:
  [[nodiscard]] std::size_t place_of(WallTime at) const {
    return static_cast<std::size_t>((week_of(at) - weeks_.weeks.front()).count() / 7);
  }

  [[nodiscard]] WeeksLine line_of(const TimeSeries& series, double Point::*value) const {
    WeeksLine line{series.metric, series.labels, {}, {}};
    line.values.resize(weeks_.weeks.size());
    for (const Point& point : series.points) line.values[place_of(point.at)] = point.*value;
    line.trend = trend_of(line.values);
    return line;
  }

  // The whole run by what it had to do.
  void add_item(std::vector<WeeksLine>& lines, const TimeSeries& whole) const {
    std::vector<std::vector<double>> items(weeks_.weeks.size());
    const auto add = [&](const Passed& run) {
      if (run.work.value_or(0) > 0 && run.seconds > 0) items[place_of(run.at)].push_back(run.seconds / *run.work);
    };
    std::ranges::for_each(command_.before, add);
    if (got_through(command_.last)) add(passed(command_.last));
    WeeksLine line{command_.command + "_item_seconds", whole.labels, {}, {}};
    for (auto& week : items)
      line.values.push_back(week.empty() ? std::nullopt : std::optional(median_of(std::move(week))));
    line.trend = trend_of(line.values);
    if (std::ranges::any_of(line.values, [](const auto& value) { return value.has_value(); }))
      lines.push_back(std::move(line));
  }

  [[nodiscard]] std::vector<RuleLine> rules() const {
    std::vector<RuleLine> lines;
    const bool judged = std::ranges::any_of(command_.groups, [](const Group& group) { return group.runs > 0; });
    for (const metrics::Rule& rule : budget_->rules)
      if (judged && rule.command == command_.command)
        lines.push_back({rule, std::vector<RuleWeek>(weeks_.weeks.size())});
    for (const Group& group : command_.groups)
      for (std::size_t i = 0; i < group.rules.size(); ++i) lines[i].weeks[place_of(group.at)] = group.rules[i];
    return lines;
  }

  const CommandHistory& command_;
  const Weeks& weeks_;
  const metrics::Budget* budget_;
  std::string total_;
};

}  // namespace

std::string name_of(const metrics::Rule& rule) {
  return fmt::format("{}: {}", rule.set, rule.name);
}

std::string week_text(const RuleWeek& week) {
  std::string text = week.over > 0 ? "✗" : "";
  if (week.missing > 0) text += '?';
  if (week.judged > 0)
    text += fmt::format("{}{}/{}", text.empty() ? "" : " ", format_count(week.over), format_count(week.judged));
  return text.empty() ? "-" : text;
}

bool WeeksSection::has_failed() const {
  return std::ranges::any_of(failed, [](std::size_t n) { return n > 0; });
}

Weeks read_weeks(const std::filesystem::path& file, const WeeksQuery& query,
                 const std::function<void(const std::string&)>& fault) {
  Weeks weeks{.statistic = query.statistic, .has_budget = query.budget != nullptr, .weeks = {}, .sections = {}};
  const auto last = week_of(query.now);
  for (int back = query.weeks - 1; back >= 0; --back) weeks.weeks.push_back(last - std::chrono::weeks(back));
  const History history = read_history(file, {.from = weeks.weeks.front(),
                                              .until = last + std::chrono::weeks(1),
                                              .command = query.command,
                                              .unit = Unit::iso_week,
                                              .statistic = query.statistic,
                                              .budget = query.budget,
                                              .fault = fault});
  weeks.runs = history.runs;
  weeks.faults = history.faults;
  for (const CommandHistory& command : history.commands)
    weeks.sections.push_back(SectionMaker(command, weeks, query.budget).make());
  return weeks;
}

}  // namespace pipeline::report
