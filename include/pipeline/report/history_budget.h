#pragma once

#include "pipeline/metrics/budget.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// How often the rules of a budget were kept, week by week.
namespace pipeline::report {

// The runs of a week, by what became of a rule in them. A run it does not apply to counts nowhere.
struct RuleWeek {
  std::size_t judged = 0;   // kept or over
  std::size_t over = 0;     // of those judged
  std::size_t missing = 0;  // runs without its metric, as those of older versions are

  friend bool operator==(const RuleWeek&, const RuleWeek&) = default;
};

struct RuleLine {
  metrics::Rule rule;
  std::vector<RuleWeek> weeks;
};

// Counts the verdicts on a run, one per rule in the order of the budget. `rules` is empty before the first run.
void count_verdicts(std::vector<RuleWeek>& rules, const metrics::Verdicts& verdicts);

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
