#include "pipeline/http/breaker.h"

#include <gtest/gtest.h>

#include <array>

namespace pipeline::http {
namespace {

using std::chrono::seconds;

class BreakerTest : public testing::Test {
 protected:
  void fail_calls(int from, int to) {
    for (int i = from; i < to; ++i) breaker_.failed(calls_.at(static_cast<std::size_t>(i)), now_);
  }
  void fail_probe() {
    now_ = breaker_.next(now_);
    breaker_.probe_started();
    breaker_.probe_failed(now_, SteadyTime::max());
  }

  Breaker breaker_{{.threshold = 3, .first_pause = seconds(1), .max_pause = seconds(3)}};
  std::array<std::uint64_t, 10> calls_{};  // what the breaker notes with each
  SteadyTime now_{seconds(100)};
};

TEST_F(BreakerTest, StaysClosedWhileASuccessComesBetween) {
  for (int i = 0; i < 10; ++i) {
    fail_calls(0, 2);
    breaker_.succeeded();
  }
  EXPECT_FALSE(breaker_.is_open());
  EXPECT_EQ(breaker_.next(now_), now_);
}

TEST_F(BreakerTest, OpensWhenSoManyCallsFailedInARowAndProbesAtOnce) {
  fail_calls(0, 2);
  EXPECT_FALSE(breaker_.is_open());
  now_ += seconds(5);
  fail_calls(2, 3);
  EXPECT_TRUE(breaker_.is_open());
  EXPECT_EQ(breaker_.failures(), 3U);
  EXPECT_EQ(breaker_.since(), SteadyTime(seconds(100)));
  EXPECT_EQ(breaker_.next(now_), now_);
}

TEST_F(BreakerTest, CountsRepeatsOfACallOnce) {
  for (int i = 0; i < 20; ++i) fail_calls(0, 2);
  EXPECT_FALSE(breaker_.is_open());
  EXPECT_EQ(breaker_.failures(), 2U);
  breaker_.succeeded();
  fail_calls(0, 2);
  EXPECT_EQ(breaker_.failures(), 2U) << "after a success they count anew";
}

TEST_F(BreakerTest, OpensWhenItIsTold) {
  fail_calls(0, 1);
  breaker_.open(now_ + seconds(1));
  EXPECT_TRUE(breaker_.is_open());
  EXPECT_EQ(breaker_.next(now_), now_ + seconds(1));
  breaker_.open(now_ + seconds(9));
  EXPECT_EQ(breaker_.next(now_), now_ + seconds(1)) << "it was open";
}

TEST_F(BreakerTest, LetsOneProbeThroughAndClosesOnItsAnswer) {
  fail_calls(0, 3);
  breaker_.probe_started();
  EXPECT_EQ(breaker_.next(now_), SteadyTime::max());
  breaker_.succeeded();
  EXPECT_FALSE(breaker_.is_open());
  EXPECT_EQ(breaker_.next(now_), now_);
}

TEST_F(BreakerTest, PausesDoubleUpToTheirBound) {
  fail_calls(0, 3);
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(1));
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(2));
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(3));
  breaker_.succeeded();
  fail_calls(0, 3);
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(1));
}

TEST_F(BreakerTest, TheNextProbeIsNotLaterThanAllowed) {
  fail_calls(0, 3);
  fail_probe();
  fail_probe();
  breaker_.probe_failed(now_, now_ + Nanoseconds(7));
  EXPECT_EQ(breaker_.next(now_) - now_, Nanoseconds(7));
}

TEST_F(BreakerTest, LateFailuresDoNotMoveTheNextProbe) {
  fail_calls(0, 3);
  fail_probe();
  const SteadyTime next = breaker_.next(now_);
  fail_calls(3, 10);
  EXPECT_EQ(breaker_.next(now_), next);
}

TEST_F(BreakerTest, AProbeThatToldNothingIsRepeatedAtOnce) {
  fail_calls(0, 3);
  breaker_.probe_started();
  breaker_.probe_told_nothing();
  EXPECT_LE(breaker_.next(now_), now_);
  EXPECT_TRUE(breaker_.is_open());
}

}  // namespace
}  // namespace pipeline::http
