#pragma once

#include <cstddef>
#include <span>
#include <vector>

// What ranks say of two groups of measurements, whatever their distribution: the test of Wilcoxon, Mann and Whitney,
// the bounds that belong to it (Hodges and Lehmann), and Holm's correction for many tests. Nothing here is drawn at
// random.
namespace pipeline::report {

// What becomes of the ranks of two groups of such sizes when the groups are alike. Exact, by counting over all ways to
// split the values, ties included, up to 80 values; from there by the normal distribution. Neither group is empty.
class RankTest {
 public:
  RankTest(std::size_t base, std::size_t fresh);

  // The chance that `fresh` ranks as high among both as it does, or higher; and as low, or lower.
  struct Chances {
    double higher = 1;
    double lower = 1;
  };
  [[nodiscard]] Chances chances(std::span<const double> base, std::span<const double> fresh) const;

  // How many times as large `fresh` is: the median of the ratios of each value of it to each of `base`, and two bounds,
  // each of which is on the wrong side of the true ratio in at most `risk` of the cases: 0 and infinity where the
  // values are too few for such a bound. The bounds belong to the test: `high` is at or above a limit as long as the
  // test does not tell `fresh` divided by the limit to be below `base`.
  struct Ratio {
    double estimate = 1;
    double low = 0;
    double high = 0;
  };
  [[nodiscard]] Ratio ratio(std::span<const double> base, std::span<const double> fresh, double risk) const;

  // The smallest chance that so many values can give: that of all of `fresh` above all of `base`.
  [[nodiscard]] double smallest() const;

 private:
  [[nodiscard]] std::size_t ratios_outside(double risk) const;

  std::size_t base_;
  std::size_t fresh_;
  std::vector<double> ways_;  // to have each sum of ranks, without ties; empty where the normal curve is used
};

// The chances of several tests, raised so that comparing each with `risk` finds anything at all where nothing is in at
// most `risk` of the cases, however the tests depend on each other (Holm, 1979).
[[nodiscard]] std::vector<double> holm(std::span<const double> chances);

// The middle value; of an even number the mean of the two. Not empty.
[[nodiscard]] double median_of(std::vector<double> values);

// Of the standard normal distribution above z.
[[nodiscard]] double normal_chance(double z);

// Where the standard normal distribution has `chance` above it; 0 < chance < 1.
[[nodiscard]] double normal_bound(double chance);

}  // namespace pipeline::report
