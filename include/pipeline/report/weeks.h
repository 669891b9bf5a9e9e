#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/report/history.h"
#include "pipeline/report/in_language.h"
#include "pipeline/report/trend.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The weekly look: what the runs in history.csv measured, stage by stage and week by week.
namespace pipeline::report {

struct WeeksQuery {
  WallTime now;  // its week is the last
  int weeks = 8;
  std::string command;                      // empty: all
  std::string statistic = "p95";            // p50, p95, p99, mean, max, sum or count
  const metrics::Budget* budget = nullptr;  // none: no run is judged
};

struct WeeksLine {
  std::string metric;
  metrics::LabelList labels;
  std::vector<std::optional<double>> values;  // one per week; absent where it was not measured
  Trend trend;
};

struct RuleLine {
  metrics::Rule rule;
  std::vector<RuleWeek> weeks;
};

// The runs of one command.
struct WeeksSection {
  std::string command;
  std::vector<std::size_t> runs;    // each week: those that got through, of which the stages and rules are
  std::vector<std::size_t> failed;  // each week: the others, whose counters alone are among these
  std::vector<WeeksLine> stages;    // the median over the week's runs of the statistic; behind the whole run, whose
                                    // time says as much of the work as of the speed, its seconds for each item of work
  std::vector<WeeksLine> counters;  // the sum over the week's runs; those that ever counted
  std::vector<RuleLine> rules;      // of the budget, that are for this command

  [[nodiscard]] bool has_failed() const;
};

struct Weeks {
  std::string statistic;
  bool has_budget = false;
  std::vector<std::chrono::sys_days> weeks;  // their Mondays (ISO 8601, UTC); a run belongs to that of its start
  std::vector<WeeksSection> sections;        // by command
  std::size_t runs = 0;                      // in these weeks, failed ones too
  std::size_t faults = 0;                    // lines that could not be read
};

// Reads the file once, from front to back. What can't be read is told to `fault`. Throws as read_history().
[[nodiscard]] Weeks read_weeks(const std::filesystem::path& file, const WeeksQuery& query,
                               const std::function<void(const std::string&)>& fault);

// Tables at most 100 columns wide for each command, with as many of the last weeks as fit. `sparklines`: the terminal
// shows UTF-8.
[[nodiscard]] std::string history_table(const Weeks& weeks, bool sparklines, const InLanguage& in_language = as_it_is);
// All weeks. One row per line and week: command, metric, labels, statistic, week, runs, value. A rule has three: its
// name as the metric, its limit in place of labels, and the runs it was `over`, `judged` and `missing` in.
[[nodiscard]] std::string history_csv(const Weeks& weeks);
[[nodiscard]] std::string history_markdown(const Weeks& weeks, const InLanguage& in_language = as_it_is);
// Members are put behind those of `head`, a JSON object.
[[nodiscard]] std::string history_json(const Weeks& weeks, std::string_view head);

// `plan: a detail`
[[nodiscard]] std::string name_of(const metrics::Rule& rule);
// `0/7`; `✗ 2/7`, over in 2 of the 7 runs it was judged in; `? 0/5`, other runs lack its metric, and `?`, all do; `-`,
// it applied to none. The mark stands in front, so that the numbers of a column stay below each other.
[[nodiscard]] std::string week_text(const RuleWeek& week);
// The same for people, two lines.
inline constexpr std::string_view kRulesLegend =
    "✗ 2/7: over the budget in 2 of the 7 runs that could be judged; -: the rule applied to none.\n"
    "?: some runs lack what the rule measures, as those of older versions do; alone: all do.\n";
inline constexpr std::string_view kNoRules = "The budget has no rule for this command.\n";

}  // namespace pipeline::report
