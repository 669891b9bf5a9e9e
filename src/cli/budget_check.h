#pragma once

#include "pipeline/base/error.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/metrics/metrics.h"

#include "command.h"
#include "language.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::cli {

// The budget of the command line, and what it says of a run. Without --budget nothing is judged, and every answer is
// empty.
class BudgetCheck {
 public:
  BudgetCheck() = default;
  // Throws UsageError for a file that is no budget, and for --budget-set alone.
  explicit BudgetCheck(const CommonOptions& common);

  [[nodiscard]] const metrics::Budget* rules() const noexcept { return budget_ ? &*budget_ : nullptr; }

  // Judges the run, logs each rule that is over or can't be judged, and returns the code to end with: over budget is
  // told of a run that was otherwise good, and one whose budget can't be judged is a failed one.
  [[nodiscard]] ExitCode judge(std::string_view command, const std::vector<metrics::Row>& rows, ExitCode code);

  [[nodiscard]] const metrics::Verdicts& verdicts() const noexcept { return verdicts_; }
  [[nodiscard]] std::string table(const Language& language) const;  // empty without a budget
  [[nodiscard]] nlohmann::ordered_json json() const;                // null without a budget

 private:
  std::optional<metrics::Budget> budget_;
  metrics::Verdicts verdicts_;
};

// Calls a rule, and its set, by the names that people read.
void name_in(const Language& language, metrics::Rule& rule);

}  // namespace pipeline::cli
