#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/cli/command_line.h"

#include "output.h"

namespace pipeline::cli {

[[nodiscard]] ExitCode run_report(const ReportRunCommand& command, const Clock& clock, Output& output);

}  // namespace pipeline::cli
