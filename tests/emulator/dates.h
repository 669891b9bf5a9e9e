#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::emulator {

[[nodiscard]] std::string format_kst(WallTime time);        // 2026-04-01T16:31:02.064+09:00
[[nodiscard]] std::string format_http_date(WallTime time);  // Wed, 01 Apr 2026 07:31:02 GMT

// A calendar day `yyyy-MM-dd`.
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_day(std::string_view text);
[[nodiscard]] std::chrono::year_month_day kst_day(WallTime time);

}  // namespace pipeline::emulator
