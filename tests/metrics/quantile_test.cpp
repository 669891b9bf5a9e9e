#include "pipeline/metrics/quantile.h"

#include "pipeline/base/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace pipeline::metrics {
namespace {

// The definition word for word, in integers: the smallest value with at least `permille` of all at or below it.
std::uint64_t oracle(const std::vector<std::uint64_t>& values, std::uint64_t permille) {
  std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t candidate : values) {
    const auto at_or_below = static_cast<std::uint64_t>(
        std::ranges::count_if(values, [&](std::uint64_t value) { return value <= candidate; }));
    if (at_or_below * 1000 >= permille * values.size()) best = std::min(best, candidate);
  }
  return best;
}

std::vector<std::uint64_t> random_values(std::mt19937_64& random) {
  std::vector<std::uint64_t> values(1 + random() % 60);
  const std::uint64_t range = std::uint64_t{1} << (random() % 63);  // from all ties to hours in nanoseconds and more
  for (auto& value : values) value = random() % range;
  return values;
}

TEST(NearestRank, FollowsTheDefinition) {
  const std::vector<double> values{10, 20, 30, 40};
  EXPECT_EQ(nearest_rank(values, 0.25), 10);
  EXPECT_EQ(nearest_rank(values, 0.26), 20);
  EXPECT_EQ(nearest_rank(values, 0.50), 20);
  EXPECT_EQ(nearest_rank(values, 0.99), 40);
}

TEST(NearestRank, HoldsAtTheEdges) {
  EXPECT_EQ(nearest_rank(1, 0.0), 1U);
  EXPECT_EQ(nearest_rank(1, 0.5), 1U);
  EXPECT_EQ(nearest_rank(1, 1.0), 1U);
  EXPECT_EQ(nearest_rank(1'000'000, 0.0), 1U);
  EXPECT_EQ(nearest_rank(1'000'000, 1.0), 1'000'000U);
}

// ceil(0.07 * 100) is 8 in binary arithmetic.
TEST(NearestRank, TakesASharesDecimalMeaning) {
  for (std::uint64_t n = 1; n <= 2000; ++n)
    for (std::uint64_t permille = 1; permille <= 1000; ++permille)
      ASSERT_EQ(nearest_rank(n, static_cast<double>(permille) / 1000), (permille * n + 999) / 1000)
          << permille << " permille of " << n;
}

TEST(NearestRank, AgreesWithTheOracle) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    const auto values = random_values(random);
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    for (const std::uint64_t permille : {1U, 250U, 500U, 900U, 950U, 990U, 999U, 1000U})
      ASSERT_EQ(nearest_rank(sorted, static_cast<double>(permille) / 1000),
                static_cast<double>(oracle(values, permille)));
  }
}

TEST(SelectRanks, AgreesWithTheOracleForManySeriesAtOnce) {
  std::mt19937_64 random(2);
  constexpr std::uint64_t kPermille[] = {1, 500, 950, 990, 1000};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::vector<std::uint64_t>> series(1 + random() % 4);
    std::vector<RankQuery> queries;
    std::uint64_t largest = 0;
    for (std::uint32_t i = 0; i < series.size(); ++i) {
      series[i] = random_values(random);
      largest = std::max(largest, std::ranges::max(series[i]));
      for (const std::uint64_t permille : kPermille)
        queries.push_back({.series = i, .rank = nearest_rank(series[i].size(), static_cast<double>(permille) / 1000)});
    }
    select_ranks(queries, largest, [&](const ValueVisitor& visit) {
      for (std::uint32_t i = 0; i < series.size(); ++i)
        for (const std::uint64_t value : series[i]) visit(i, value);
    });
    for (std::size_t i = 0; i < queries.size(); ++i)
      ASSERT_EQ(queries[i].value, oracle(series[queries[i].series], kPermille[i % std::size(kPermille)]));
  }
}

TEST(SelectRanks, CoversTheWholeRangeOfValues) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  std::vector<RankQuery> queries{{.rank = 1}, {.rank = 2}, {.rank = 3}};
  select_ranks(queries, kLargest, [](const ValueVisitor& visit) {
    for (const std::uint64_t value : {kLargest, std::uint64_t{0}, kLargest - 1}) visit(0, value);
  });
  EXPECT_EQ(queries[0].value, 0U);
  EXPECT_EQ(queries[1].value, kLargest - 1);
  EXPECT_EQ(queries[2].value, kLargest);
}

TEST(SelectRanks, ReadsNothingForNoQuery) {
  select_ranks({}, 0, [](const ValueVisitor&) { FAIL(); });
}

TEST(SelectRanks, SaysSoWhenTheValuesChange) {
  std::vector<RankQuery> queries{{.rank = 2}};
  int reading = 0;
  EXPECT_THROW(select_ranks(queries, 1U << 20U,
                            [&](const ValueVisitor& visit) {
                              visit(0, 5);
                              if (reading++ == 0) visit(0, 6);
                            }),
               Error);
}

}  // namespace
}  // namespace pipeline::metrics
