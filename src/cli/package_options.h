#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

namespace pipeline::cli {

// The command `package`; it is `chosen` when the command line names it.
void add_package(CLI::App& root, Invocation& chosen);

}  // namespace pipeline::cli
