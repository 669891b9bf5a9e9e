#include "pipeline/base/kst_time.h"

#include "pipeline/base/text.h"

#include <fmt/core.h>

#include <chrono>

namespace pipeline {

std::string format_kst_time(WallTime time) {
  const auto kst = time + std::chrono::hours(9);
  const std::chrono::hh_mm_ss clock(
      std::chrono::floor<std::chrono::seconds>(kst - std::chrono::floor<std::chrono::days>(kst)));
  return fmt::format("{:02}:{:02}:{:02} KST", clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string format_kst(WallTime time) {
  return format_kst_date(time) + " " + format_kst_time(time);
}

}  // namespace pipeline
