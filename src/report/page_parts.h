#pragma once

#include "pipeline/metrics/budget.h"
#include "pipeline/report/page.h"

#include "page_history.h"
#include "page_samples.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the page is put together from, as HTML.
namespace pipeline::report::page {

// A command's title and name.
[[nodiscard]] std::string command_heading(const CommandHistory& command);

// A table that scrolls by itself where the page is narrow; where it always may, also by keyboard. The columns are HTML;
// its end is kEndTable.
enum class Scrolling { where_narrow, always };
[[nodiscard]] std::string open_table(std::string_view kind, const std::vector<std::string>& columns,
                                     Scrolling scrolling = Scrolling::where_narrow);
inline constexpr std::string_view kEndTable = "</tbody></table></div>\n";

// Language and colours, for those who have scripts.
[[nodiscard]] std::string switches();
// Title, period, when it was made, the switches, what could not be read.
[[nodiscard]] std::string page_head(const PageRequest& request, const History& history);
// The period and what could not be read alone: of measurements that are folded behind a morning.
[[nodiscard]] std::string measured_head(const History& history);

// A command at a glance: its last run, against those before and against the budget.
[[nodiscard]] std::string command_card(const CommandHistory& command, const PageRequest& request,
                                       const std::vector<metrics::Verdict>& verdicts);

// A stage over the runs: bands, line, the budget's limits, and the same as a table. `id` is the figure's in the page.
[[nodiscard]] std::string stage_chart(const CommandHistory& command, const TimeSeries& stage,
                                      const metrics::Budget* budget, const std::string& id);

// The whole run over time, small and without words; empty for a single run.
[[nodiscard]] std::string sparkline(const TimeSeries& stage);

// The last run of a command: one lane per stage, each as high as there were under way, and the same in a table. In
// words when there are no samples.
[[nodiscard]] std::string timeline(const CommandHistory& command, const RunSamples& samples, const std::string& id);

// The ten slowest of each stage that names products or posts; empty when none does.
[[nodiscard]] std::string slowest_tables(const CommandHistory& command, const RunSamples& samples,
                                         const PageRequest& request);

// What went wrong, by kind; empty when nothing did.
[[nodiscard]] std::string error_table(const CommandHistory& command);

// One mark per rule.
[[nodiscard]] std::string budget_table(const CommandHistory& command, const std::vector<metrics::Verdict>& verdicts);

[[nodiscard]] std::string machine_table(const std::vector<std::pair<std::string, std::string>>& machine);

}  // namespace pipeline::report::page
