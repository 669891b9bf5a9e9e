#include "budget_check.h"

#include "pipeline/base/log.h"
#include "pipeline/report/in_language.h"

#include <cmath>

namespace pipeline::cli {
namespace {

using metrics::Verdict;
using nlohmann::ordered_json;

void tell(const Verdict& verdict) {
  const auto& [set, name, command, measure, limit, when] = verdict.rule;
  if (verdict.outcome == Verdict::Outcome::over)
    log::warn("over budget: {}: {}: {} is {}, the limit is {}", set, name, describe(measure),
              format_measured(measure, limit, verdict.value.value()), format_limit(measure, limit));
  if (verdict.outcome == Verdict::Outcome::missing)
    log::error("the budget can't be judged: {}: {}: {}: correct the rule, unless the run is of an older version", set,
               name, verdict.reason);
}

ordered_json json_of(const metrics::Selector& selector) {
  ordered_json json = {{"metric", selector.metric}};
  for (const auto& [label, value] : selector.labels) json["labels"][label] = value;
  return json;
}

ordered_json json_of(const Verdict& verdict) {
  const metrics::Rule& rule = verdict.rule;
  const bool at_most = rule.limit.side == metrics::Limit::Side::at_most;
  ordered_json json = {{"set", rule.set}, {"rule", rule.name}};
  json.update(json_of(rule.measure.of));
  json["statistic"] = to_string(rule.measure.statistic);
  if (rule.measure.to) json["to"] = json_of(*rule.measure.to);
  json["value"] = verdict.value && std::isfinite(*verdict.value) ? ordered_json(*verdict.value) : ordered_json(nullptr);
  json[at_most ? "at_most" : "at_least"] = rule.limit.value;
  json["outcome"] = to_string(verdict.outcome);
  json["reason"] = verdict.reason.empty() ? ordered_json(nullptr) : ordered_json(verdict.reason);
  return json;
}

}  // namespace

BudgetCheck::BudgetCheck(const CommonOptions& common) {
  if (!common.budget.empty())
    budget_ = metrics::read_budget(common.budget, common.budget_sets, command_names(kMeasured));
  else if (!common.budget_sets.empty())
    throw UsageError("--budget-set chooses from a budget: name its file with --budget");
}

void name_in(const Language& language, metrics::Rule& rule) {
  if (language.is_english()) return;
  rule.set = report::rule_in_korean(rule.set);
  rule.name = report::rule_in_korean(rule.name);
}

ExitCode BudgetCheck::judge(std::string_view command, const std::vector<metrics::Row>& rows, ExitCode code) {
  if (!budget_) return code;
  verdicts_ = metrics::judge(*budget_, command, rows);
  for (const auto& verdict : verdicts_) tell(verdict);
  if (code != ExitCode::ok) return code;
  if (count(verdicts_, Verdict::Outcome::missing) > 0) return ExitCode::failed;
  return count(verdicts_, Verdict::Outcome::over) > 0 ? ExitCode::over_budget : ExitCode::ok;
}

std::string BudgetCheck::table(const Language& language) const {
  if (!budget_) return {};
  metrics::Verdicts verdicts = verdicts_;
  for (auto& verdict : verdicts) name_in(language, verdict.rule);
  return metrics::format_budget(verdicts);
}

ordered_json BudgetCheck::json() const {
  if (!budget_) return nullptr;
  auto json = ordered_json::array();
  for (const auto& verdict : verdicts_) json.push_back(json_of(verdict));
  return json;
}

}  // namespace pipeline::cli
