#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/runs.h"

#include "finding.h"

namespace pipeline::cli {

// The parts of `check` that look at the nights: when the next one comes, and how the last one ended.

// By systemd's timer, or a line of cron's.
[[nodiscard]] Findings check_scheduler(WallTime now);

// `at_work`: a run holds the database now.
[[nodiscard]] Findings check_last_night(store::Runs& runs, WallTime now, bool at_work);

}  // namespace pipeline::cli
