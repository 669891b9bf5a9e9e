#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace pipeline::report {

// Where a series of equally spaced values goes, gaps allowed. The slope is the median of those between all pairs (Theil
// and Sen), which a few wild weeks do not move; whether it is one at all says the test of Mann and Kendall: rising or
// falling, each of them wrongly for at most 5 of 100 series that go nowhere.
struct Trend {
  enum class Kind { too_few, steady, rising, falling };  // too_few: less than four values
  Kind kind = Kind::too_few;
  double per_step = 0;  // as a share of the median value: 0.02 for 2 % a week
};
[[nodiscard]] Trend trend_of(std::span<const std::optional<double>> values);

// The chance that values without a trend rise as steadily as these do, or more. Exact up to 30 values without ties.
[[nodiscard]] double chance_of_rise(std::span<const double> values);

// rising, falling, steady; empty where there are too few values.
[[nodiscard]] std::string_view to_string(Trend::Kind kind) noexcept;

}  // namespace pipeline::report
