#pragma once

#include "pipeline/metrics/budget.h"

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::metrics {

// A limit in words: `500 ms`, `1 %`, `100 /min`, `30 MB`, or a number in the measure's own unit. Null when it is none,
// or its unit is another one.
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text, const Measure& measure);

// The units that parse_quantity knows for the measure, as a list for errors; empty when there are none.
[[nodiscard]] std::string known_units(const Measure& measure);

}  // namespace pipeline::metrics
