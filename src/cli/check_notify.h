#pragma once

#include "pipeline/base/clock.h"

#include "command.h"
#include "finding.h"

namespace pipeline::cli {

// The part of `check` that looks at where the end of a night is told: whether the addresses are some, and answer.
// Nothing is told; a server is asked for its first page, so that no key leaves this machine. Ends at `until`.
[[nodiscard]] Findings check_notify(const CommonOptions& common, const Clock& clock, SteadyTime until);

}  // namespace pipeline::cli
