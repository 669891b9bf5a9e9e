#pragma once

#include "pipeline/metrics/record.h"

#include <string>
#include <string_view>

// How a series and a change are said in every report.
namespace pipeline::report {

// `detail_fetch`, `pace_wait detail`: the metric without its unit, and the values of its labels.
[[nodiscard]] std::string series_name(std::string_view metric, const metrics::LabelList& labels);
// A share in percent, +15.2%, -3.0%, +250%: at most six columns.
[[nodiscard]] std::string growth_text(double growth);
// A cell of a Markdown table.
[[nodiscard]] std::string markdown_text(std::string_view text);

}  // namespace pipeline::report
