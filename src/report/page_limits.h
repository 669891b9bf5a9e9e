#pragma once

#include "pipeline/metrics/budget.h"

#include "page_history.h"
#include "page_words.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::report::page {

// The rules whose limit can be drawn into the chart of this stage: those of its quantiles, and where a run has a single
// value also those of its sum and minimum.
[[nodiscard]] std::vector<metrics::Rule> limits_of(const metrics::Budget* budget, std::string_view command,
                                                   const TimeSeries& stage);

// p95(detail_fetch_seconds{endpoint=detail}), ratio(a / b)
[[nodiscard]] std::string formula(const metrics::Measure& measure);
// What was measured, with its unit: never rounded to what the limit looks like.
[[nodiscard]] Both measured_words(const metrics::Measure& measure, const metrics::Limit& limit, double value);
// ≤ 300 ms
[[nodiscard]] Both limit_words(const metrics::Measure& measure, const metrics::Limit& limit);

}  // namespace pipeline::report::page
