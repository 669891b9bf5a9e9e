#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

namespace pipeline::cli {

// The command `sync`; it is `chosen` when the command line names it.
void add_sync(CLI::App& root, Invocation& chosen);

}  // namespace pipeline::cli
