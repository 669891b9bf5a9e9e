#include "pipeline/metrics/budget.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "memory_file.h"
#include "target.h"

using namespace pipeline;

FUZZ_TARGET(budget) {
  const Fd file = fuzz::memory_file(input);
  try {
    const metrics::Budget budget = metrics::read_budget(fuzz::path_of(file));
    fuzz::require(!budget.rules.empty(), "a budget has rules");
    for (const metrics::Rule& rule : budget.rules) {
      fuzz::require(!metrics::describe(rule.measure).empty(), "a rule can be told");
      fuzz::require(!metrics::format_limit(rule.measure, rule.limit).empty(), "its limit can be told");
    }
    // A run of two metrics: one that has what a rule asks for, and one that lacks it.
    std::vector<metrics::Row> rows(1);
    rows[0].metric = budget.rules.front().measure.of.metric;
    for (const std::string_view command : {"sync", "upsert", "package"}) {
      const metrics::Verdicts verdicts = metrics::judge(budget, command, rows);
      static_cast<void>(metrics::format_budget(verdicts));
    }
  } catch (const UsageError& error) {
    fuzz::require(std::string_view(error.what()).starts_with("budget "), "a refusal names the file");
  }
}
