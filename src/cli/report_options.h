#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

namespace pipeline::cli {

void add_report(CLI::App& root, Invocation& chosen);

}  // namespace pipeline::cli
