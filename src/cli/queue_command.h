#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/cli/command_line.h"

#include "output.h"

#include <string_view>

namespace pipeline::cli {

[[nodiscard]] std::string_view queue_name(QueueCommand::Action action) noexcept;  // "queue list", ...

// Does one step on the refresh queue. Unlike a run it writes no reports and no row of `runs`: a claim a second would
// bury the nights. Throws Error for what keeps it from being done at all; entries that are refused are named on
// standard error.
[[nodiscard]] ExitCode run_queue(const QueueCommand& command, const Clock& clock, Output& output);

}  // namespace pipeline::cli
