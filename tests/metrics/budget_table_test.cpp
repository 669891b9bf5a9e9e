#include "pipeline/base/text.h"
#include "pipeline/metrics/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>

namespace pipeline::metrics {
namespace {

using Outcome = Verdict::Outcome;

Verdict verdict(Outcome outcome, std::string name, Measure measure, double limit, std::optional<double> value,
                std::string reason = "") {
  return {.outcome = outcome,
          .rule = {.set = "plan",
                   .name = std::move(name),
                   .command = "sync",
                   .measure = std::move(measure),
                   .limit = {Limit::Side::at_most, limit},
                   .when = {}},
          .value = value,
          .reason = std::move(reason)};
}

const Measure kDetail{.of = {"detail_fetch_seconds", {}}, .statistic = Statistic::p95, .to = {}};
const Measure kRefusals{.of = {"api_429_total", {{"endpoint", "detail"}}},
                        .statistic = Statistic::ratio,
                        .to = Selector{"api_requests_total", {}}};
const Measure kRate{.of = {"rows_read_total", {}}, .statistic = Statistic::rate, .to = {}};
const Measure kRetries{.of = {"retry_total", {}}, .statistic = Statistic::sum, .to = {}};

TEST(BudgetTable, HasAMarkALineAndTheReasonBelow) {
  EXPECT_EQ(
      format_budget({verdict(Outcome::kept, "a detail", kDetail, 0.5, 0.0123),
                     verdict(Outcome::over, "429 answers", kRefusals, 0.01, 0.025),
                     verdict(Outcome::not_applicable, "품절", kRate, 5000, {}, "rows_read_total is 3"),
                     verdict(Outcome::missing, "retries", kRetries, 1000, {}, "the run has no metric retry_total")}),
      "  rule               measure                                       measured       limit\n"
      "✓ plan: a detail     detail_fetch_seconds p95                       12.3 ms    ≤ 500 ms\n"
      "✗ plan: 429 answers  api_429_total{endpoint=detail} / api_reques…     2.5 %       ≤ 1 %\n"
      "– plan: 품절         rows_read_total a second                                ≤ 5,000 /s\n"
      "    does not apply: rows_read_total is 3\n"
      "? plan: retries      retry_total                                                ≤ 1,000\n"
      "    missing: the run has no metric retry_total\n"
      "\n"
      "budget: 1 kept, 1 over, 1 not applicable, 1 missing\n");
}

TEST(BudgetTable, FitsATerminal) {
  const std::string longest(150, 'n');
  std::string reason;
  for (int i = 0; i < 40; ++i) reason += "품절된 상품 ";
  std::istringstream lines(format_budget({verdict(Outcome::not_applicable, longest, kRefusals, 0.01, {}, reason),
                                          verdict(Outcome::missing, longest, kRate, 1e9, {}, longest)}));
  std::string words;
  for (std::string line; std::getline(lines, line); words += line + ' ') EXPECT_LE(display_width(line), 100U) << line;
  std::size_t found = 0;
  for (std::size_t at = words.find("상품"); at != std::string::npos; at = words.find("상품", at + 1)) ++found;
  EXPECT_EQ(found, 40U) << "a reason is broken into lines, not cut";
}

TEST(BudgetTable, SaysThatNoRuleIsForTheCommand) {
  EXPECT_EQ(format_budget({}), "budget: no rule is for this command\n");
}

TEST(BudgetTable, WhatIsOverNeverLooksLikeItsLimit) {
  const Limit limit{Limit::Side::at_most, 0.5};
  EXPECT_EQ(format_measured(kDetail, limit, 0.5), "500 ms");
  EXPECT_EQ(format_measured(kDetail, limit, 0.50001), "0.50001 s");
  EXPECT_EQ(format_measured(kRetries, {Limit::Side::at_least, 12'345}, 12'344.6), "12344.6");
}

TEST(BudgetTable, ARatioIsAShareOrAnAverageByItsLimit) {
  EXPECT_EQ(format_measured(kRefusals, {Limit::Side::at_most, 0.01}, 0.0042), "0.42 %");
  EXPECT_EQ(format_measured(kRefusals, {Limit::Side::at_most, 10}, 4.2), "4.2");
  EXPECT_EQ(format_limit(kRefusals, {Limit::Side::at_least, 10}), "≥ 10");
}

}  // namespace
}  // namespace pipeline::metrics
