#pragma once

#include "baseline.h"
#include "experiment.h"
#include "report.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// The baseline that the settings name, or the committed one. Throws Error when there is none.
[[nodiscard]] Baseline baseline_of(std::string_view experiment, const Settings& settings);

// Compares the figures of a short run with the baseline, and says what came of it. `measure_again` adds fresh rounds of
// a case to the report. False: a figure got worse, or is missing on one side.
[[nodiscard]] bool compare_with_baseline(const Baseline& baseline, const Report& report,
                                         const std::vector<std::string>& cases,
                                         const std::function<void(const std::string&)>& measure_again);

// Makes the baseline of the settings anew of the figures of several runs, the machine's description above them.
void record_baseline(std::string_view experiment, const Settings& settings, std::string_view machine,
                     const std::vector<std::vector<Guarded>>& runs);

}  // namespace pipeline::bench
