#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

// The options' names in the environment: PIPELINE_DB for `--db`, PIPELINE_SYNC_WORKERS for `sync --workers`. Those of a
// command within another carry the outer one's name.
namespace pipeline::cli {

// Makes the variables' values the defaults of the options they name. Throws UsageError naming the variable.
void apply_environment(const Environment& environment, CLI::App& root);

// Of these names of variables those that begin like the program's own and are none, each with what it may have been
// meant to be. `PIPELINE_` belongs to nobody, so they are told, not refused.
[[nodiscard]] std::vector<std::string> stray_variables(const std::vector<std::string>& names, const CLI::App& root);

}  // namespace pipeline::cli
