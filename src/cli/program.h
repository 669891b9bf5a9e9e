#pragma once

#include "pipeline/base/clock.h"

#include <optional>
#include <string>

namespace pipeline::cli {

// What another program writes to its standard output. `command`: a line for the shell, of one program. Absent when
// there is none of that name in the PATH, it fails, or it has not ended within the time, when it is ended. Its standard
// input is empty, and what it says of errors is dropped.
[[nodiscard]] std::optional<std::string> output_of(const std::string& command, Nanoseconds time);

}  // namespace pipeline::cli
