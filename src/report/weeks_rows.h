#pragma once

#include "pipeline/report/weeks.h"

#include <string>
#include <string_view>
#include <vector>

// What the tables of weeks have in common, in the terminal and in Markdown.
namespace pipeline::report {

// One row: its name, its weeks, and what stands beside them: of a series the change per week and the trend, of a rule
// its limit.
struct WeeksRow {
  std::string name;
  std::vector<std::string> weeks;
  std::vector<std::string> beside;
};
[[nodiscard]] WeeksRow row_of(const WeeksLine& line, std::string_view statistic);
[[nodiscard]] WeeksRow row_of(const RuleLine& rule);

}  // namespace pipeline::report
