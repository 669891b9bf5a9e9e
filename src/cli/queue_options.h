#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

namespace pipeline::cli {

// The command `queue` with the commands within it; it is `chosen` when the command line names one of them.
void add_queue(CLI::App& root, Invocation& chosen);

}  // namespace pipeline::cli
