#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_set>

namespace pipeline::report {

// Which runs of a history.csv go when of each old week one run of each command stays.
struct Thinning {
  std::unordered_set<std::string> goes;  // run ids
  std::uint64_t runs = 0;                // that are in the file
};

// Weeks (iso_week.h) that were over before the moment: of those that got through the run in the middle, by its time,
// stays, with its exact figures; where none did, the last. A week is thinned once, when all of it is old: so the run
// that stays is the middle of them all. Throws Error where the history can't be read; no history: nothing goes.
[[nodiscard]] Thinning thin_weeks(const std::filesystem::path& history, WallTime before);

}  // namespace pipeline::report
