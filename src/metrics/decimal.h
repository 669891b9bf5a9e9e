#pragma once

#include <string>

namespace pipeline::metrics {

// Appends the shortest decimal that reads back as the same double, without an exponent.
void append_decimal(double value, std::string& out);

}  // namespace pipeline::metrics
