#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/cli/command_line.h"

#include "output.h"

namespace pipeline::cli {

// Puts a package run together and runs it. Throws Error for what is wrong before it begins (posts, lock, database).
[[nodiscard]] ExitCode run_package(const PackageCommand& command, const Clock& clock, Interrupt& interrupt,
                                   Output& output);

}  // namespace pipeline::cli
