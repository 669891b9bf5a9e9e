#pragma once

#include <string>

namespace pipeline::metrics {

// Appends the shortest decimal that reads back as the same double, without an exponent.
void append_decimal(double value, std::string& out);

// For people: 12,345 or 0.3333.
[[nodiscard]] std::string format_number(double value);

}  // namespace pipeline::metrics
