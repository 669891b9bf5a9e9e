#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <string>

// Weeks as ISO 8601 counts them, in UTC: from Monday on, the first of a year being that with its first Thursday.
namespace pipeline::report {

// The Monday of the week.
[[nodiscard]] std::chrono::sys_days week_of(WallTime time);

// Of its Monday: 2026-W53.
[[nodiscard]] std::string week_name(std::chrono::sys_days monday);

}  // namespace pipeline::report
