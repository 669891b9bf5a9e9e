#include "pipeline/http/backoff.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace pipeline::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kDraws = 4000;

TEST(Backoff, DrawsEvenlyFromZeroToADoublingBound) {
  Backoff backoff({.base = milliseconds(500), .cap = seconds(30)}, 1);
  for (int retry = 1; retry <= 5; ++retry) {
    const double bound = 0.5 * (1 << (retry - 1));
    double sum = 0, least = bound, most = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double delay = to_seconds(backoff.delay(retry));
      ASSERT_GE(delay, 0);
      ASSERT_LE(delay, bound);
      sum += delay;
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_NEAR(sum / kDraws, bound / 2, bound * 0.03) << "retry " << retry;
    EXPECT_LT(least, bound * 0.01);
    EXPECT_GT(most, bound * 0.99);
  }
}

TEST(Backoff, StopsDoublingAtTheCap) {
  Backoff backoff({.base = milliseconds(500), .cap = seconds(30)}, 2);
  for (const int retry : {7, 8, 63, 64, 1000, std::numeric_limits<int>::max()}) {
    double most = 0;
    for (int i = 0; i < kDraws; ++i) most = std::max(most, to_seconds(backoff.delay(retry)));
    EXPECT_LE(most, 30);
    EXPECT_GT(most, 29);
  }
}

TEST(Backoff, ABaseOverTheCapIsTheCap) {
  Backoff backoff({.base = seconds(60), .cap = seconds(1)}, 3);
  for (int i = 0; i < kDraws; ++i) EXPECT_LE(backoff.delay(1), seconds(1));
}

TEST(Backoff, TheSameSeedGivesTheSameDelays) {
  Backoff a({}, 7), b({}, 7), c({}, 8);
  std::vector<Nanoseconds> of_a, of_b, of_c;
  for (int i = 1; i < 10; ++i) {
    of_a.push_back(a.delay(i));
    of_b.push_back(b.delay(i));
    of_c.push_back(c.delay(i));
  }
  EXPECT_EQ(of_a, of_b);
  EXPECT_NE(of_a, of_c);
}

}  // namespace
}  // namespace pipeline::http
