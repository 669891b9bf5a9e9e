#pragma once

#include "pipeline/metrics/budget.h"

#include "page_history.h"

#include <string>

namespace pipeline::report::page {

// A stage over the runs: bands, line, the budget's limits, and the same as a table. `id` is the figure's in the page.
[[nodiscard]] std::string stage_chart(const CommandHistory& command, const TimeSeries& stage,
                                      const metrics::Budget* budget, const std::string& id);

// The whole run over time, small and without words; empty for a single run.
[[nodiscard]] std::string sparkline(const TimeSeries& stage);

}  // namespace pipeline::report::page
