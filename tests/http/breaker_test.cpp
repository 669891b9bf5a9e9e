#include "pipeline/http/breaker.h"

#include <gtest/gtest.h>

namespace pipeline::http {
namespace {

using std::chrono::seconds;

class BreakerTest : public testing::Test {
 protected:
  void fail_probe() {
    now_ = breaker_.next(now_);
    breaker_.started(now_);
    breaker_.failed(now_, now_);
  }
  void open_it() {
    for (int i = 0; i < 3; ++i) breaker_.failed(now_, now_);
  }

  Breaker breaker_{{.threshold = 3, .max_opens = 4, .first_cooldown = seconds(1), .max_cooldown = seconds(3)}};
  SteadyTime now_{seconds(100)};
};

TEST_F(BreakerTest, StaysClosedWhileASuccessComesBetween) {
  for (int i = 0; i < 10; ++i) {
    breaker_.failed(now_, now_);
    breaker_.failed(now_, now_);
    breaker_.succeeded();
  }
  EXPECT_FALSE(breaker_.open());
  EXPECT_EQ(breaker_.next(now_), now_);
}

TEST_F(BreakerTest, OpensAtTheThreshold) {
  open_it();
  EXPECT_TRUE(breaker_.open());
  EXPECT_EQ(breaker_.failures(), 3U);
  EXPECT_EQ(breaker_.next(now_), now_ + seconds(1));
}

TEST_F(BreakerTest, LetsOneProbeThroughAfterTheCooldown) {
  open_it();
  now_ += seconds(1);
  EXPECT_LE(breaker_.next(now_), now_);
  breaker_.started(now_);
  EXPECT_EQ(breaker_.next(now_), SteadyTime::max());
  breaker_.succeeded();
  EXPECT_FALSE(breaker_.open());
  EXPECT_EQ(breaker_.next(now_), now_);
}

TEST_F(BreakerTest, CooldownsDoubleUpToTheirBound) {
  open_it();
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(2));
  fail_probe();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(3));
  breaker_.succeeded();
  open_it();
  EXPECT_EQ(breaker_.next(now_) - now_, seconds(1));
}

TEST_F(BreakerTest, IsExhaustedAfterOpeningsInARow) {
  open_it();
  for (int opened = 1; opened < 4; ++opened) {
    EXPECT_FALSE(breaker_.exhausted());
    fail_probe();
  }
  EXPECT_TRUE(breaker_.exhausted());
}

TEST_F(BreakerTest, LateFailuresOfTheSameTroubleDoNotCountAgain) {
  const SteadyTime before = now_;
  open_it();
  for (int i = 0; i < 20; ++i) breaker_.failed(before, now_);
  EXPECT_EQ(breaker_.next(now_), now_ + seconds(1));

  now_ += seconds(1);
  breaker_.started(now_);
  breaker_.failed(before, now_);  // a straggler, not the probe
  EXPECT_EQ(breaker_.next(now_), SteadyTime::max());
  breaker_.failed(now_, now_);
  EXPECT_EQ(breaker_.next(now_), now_ + seconds(2));
}

TEST_F(BreakerTest, AnInconclusiveProbeIsRepeated) {
  open_it();
  now_ += seconds(1);
  breaker_.started(now_);
  breaker_.inconclusive(now_ - seconds(1));
  EXPECT_EQ(breaker_.next(now_), SteadyTime::max());
  breaker_.inconclusive(now_);
  EXPECT_LE(breaker_.next(now_), now_);
  EXPECT_TRUE(breaker_.open());
}

}  // namespace
}  // namespace pipeline::http
