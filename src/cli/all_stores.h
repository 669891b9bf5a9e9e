#pragma once

#include "pipeline/base/error.h"

#include "command_line.h"
#include "output.h"

#include <string>
#include <vector>

namespace pipeline::cli {

// The call once for each store of its config file, so many at one time as --parallel says. Each is a process of its
// own: what goes wrong with one store touches no other. Shows a line a store, or all their summaries as one JSON
// document; ends with the worst of their codes. `arguments`: of the call, without the program's name.
[[nodiscard]] ExitCode run_all_stores(const Call& call, const std::vector<std::string>& arguments, Output& output);

}  // namespace pipeline::cli
