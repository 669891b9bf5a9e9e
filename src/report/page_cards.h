#pragma once

#include "pipeline/metrics/budget.h"
#include "pipeline/report/page.h"

#include "page_history.h"

#include <string>
#include <vector>

namespace pipeline::report::page {

// Title, period, when it was made, the switches, what could not be read.
[[nodiscard]] std::string page_head(const PageRequest& request, const History& history);

// A command at a glance: its last run, against those before and against the budget.
[[nodiscard]] std::string command_card(const CommandHistory& command, const PageRequest& request,
                                       const std::vector<metrics::Verdict>& verdicts);

}  // namespace pipeline::report::page
