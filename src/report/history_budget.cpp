#include "pipeline/report/history_budget.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

namespace pipeline::report {

using metrics::Verdict;

void count_verdicts(std::vector<RuleWeek>& rules, const metrics::Verdicts& verdicts) {
  rules.resize(verdicts.size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Verdict::Outcome outcome = verdicts[i].outcome;
    if (outcome == Verdict::Outcome::kept || outcome == Verdict::Outcome::over) ++rules[i].judged;
    if (outcome == Verdict::Outcome::over) ++rules[i].over;
    if (outcome == Verdict::Outcome::missing) ++rules[i].missing;
  }
}

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

}  // namespace pipeline::report
