#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/cli/command_line.h"

#include "output.h"

namespace pipeline::cli {

// Puts a sync together and runs it. Throws Error for what is wrong before it begins (credentials, lock, database).
[[nodiscard]] ExitCode run_sync(const SyncCommand& command, const Clock& clock, Interrupt& interrupt, Output& output);

}  // namespace pipeline::cli
