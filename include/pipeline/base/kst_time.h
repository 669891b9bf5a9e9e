#pragma once

#include "pipeline/base/clock.h"

#include <string>

// Korean standard time, for people to read.
namespace pipeline {

[[nodiscard]] std::string format_kst_time(WallTime time);  // 07:16:20 KST
[[nodiscard]] std::string format_kst(WallTime time);       // 2026-11-23 07:16:20 KST

}  // namespace pipeline
