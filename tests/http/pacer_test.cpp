#include "pipeline/http/pacer.h"

#include "http/paced_run.h"

#include <gtest/gtest.h>

namespace pipeline::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Discipline;
using test::Gateway;
using test::PacedRun;

constexpr int kPhases = 20;

// A bucket of R and 2R, as documented; each seed has another phase of the ticks.
PacedRun paced(Discipline discipline, double rate, unsigned seed) {
  PacedRun run;
  run.gateway = {
      .discipline = discipline, .rate = rate, .capacity = 2 * rate, .phase = (seed % kPhases + 0.3) / kPhases};
  run.seed = seed;
  return run;
}

class NamedBucket : public testing::TestWithParam<std::tuple<Discipline, double>> {
 protected:
  static Discipline discipline() { return std::get<0>(GetParam()); }
  static double rate() { return std::get<1>(GetParam()); }
  // What no client can beat: the burst at once, the rest as it comes.
  static double least_seconds(int requests) { return (requests - 2 * rate()) / rate(); }
};

INSTANTIATE_TEST_SUITE_P(, NamedBucket,
                         testing::Combine(testing::Values(Discipline::continuous, Discipline::ticks),
                                          testing::Values(1.0, 2.0, 7.5, 20.0, 50.0)),
                         [](const auto& test_info) {
                           return (std::get<0>(test_info.param) == Discipline::ticks ? "ticks_" : "continuous_") +
                                  std::to_string(static_cast<int>(std::get<1>(test_info.param)));
                         });

TEST_P(NamedBucket, IsUsedUpWithoutARefusal) {
  for (unsigned seed = 1; seed <= 2 * kPhases; ++seed) {
    PacedRun run = paced(discipline(), rate(), seed);
    run.run();
    ASSERT_EQ(run.refused, 0) << "seed " << seed;
    ASSERT_LT(run.seconds, 1.015 * least_seconds(run.requests) + 1) << "seed " << seed;
  }
}

TEST_P(NamedBucket, IsNotOverrunOnLongAndUnevenWays) {
  for (unsigned seed = 1; seed <= 2 * kPhases; ++seed) {
    for (const double way : {0.002, 0.1, 0.4}) {
      PacedRun run = paced(discipline(), rate(), seed);
      run.requests = static_cast<int>(30 * rate());
      run.in_flight = 100;
      run.out = {.mean = way, .spread = way};
      run.back = {.mean = way, .spread = way};
      run.run();
      ASSERT_EQ(run.refused, 0) << "seed " << seed << " way " << way;
      ASSERT_LT(run.seconds, 1.05 * least_seconds(run.requests) + 1 + 6 * way) << "seed " << seed << " way " << way;
    }
  }
}

TEST_P(NamedBucket, IsNotOverrunWhenAnswersGetLost) {
  for (unsigned seed = 1; seed <= kPhases; ++seed) {
    PacedRun run = paced(discipline(), rate(), seed);
    run.requests = static_cast<int>(30 * rate());
    run.lost = 0.1;
    run.run();
    ASSERT_EQ(run.refused, 0) << "seed " << seed;
    ASSERT_LT(run.seconds, 1.03 * least_seconds(run.requests) + 1);
  }
}

TEST_P(NamedBucket, FoundEmptyCostsTheFirstRequestOnly) {
  for (unsigned seed = 1; seed <= kPhases; ++seed) {
    PacedRun run = paced(discipline(), rate(), seed);
    run.requests = static_cast<int>(30 * rate());
    run.gateway.level = 0;
    run.run();
    ASSERT_LE(run.refused, 2) << "seed " << seed;  // two: after a second's wait another tick may still be due
    ASSERT_LT(run.seconds, 1.03 * run.requests / rate() + 3) << "seed " << seed;
  }
}

TEST_P(NamedBucket, IsFollowedWhenItsRateIsHalvedAndDoubledAgain) {
  const double fast = 2 * rate();
  for (unsigned seed = 1; seed <= 2 * kPhases; ++seed) {
    PacedRun run = paced(discipline(), fast, seed);
    run.requests = static_cast<int>(20 * fast);
    run.events = {{4.0, [&](Gateway& gateway) { gateway.change(4.0, fast / 2, fast); }},
                  {12.0, [&](Gateway& gateway) { gateway.change(12.0, fast, 2 * fast); }}};
    run.run();
    ASSERT_LT(run.refused, 0.01 * run.requests) << "seed " << seed;
    // From two seconds after each change on, the new pace (and one request for where the window falls).
    ASSERT_GE(run.accepted_between(6, 11), 0.98 * 5 * fast / 2 - 1) << "seed " << seed;
    ASSERT_LE(run.accepted_between(6, 11), 1.02 * 5 * fast / 2 + 2) << "seed " << seed;
    ASSERT_GE(run.accepted_between(14, 18), 0.98 * 4 * fast - 1) << "seed " << seed;
  }
}

TEST_P(NamedBucket, IsSharedWithAnotherClient) {
  int refused = 0, requests = 0;
  for (unsigned seed = 1; seed <= kPhases; ++seed) {
    PacedRun run = paced(discipline(), rate(), seed);
    run.gateway.drinker = rate() / 2;
    run.run();
    refused += run.refused;
    requests += run.requests;
    ASSERT_LT(run.seconds, 1.4 * run.requests / (rate() / 2)) << "seed " << seed;
  }
  // What the other takes cannot be known before it is missed: about one refusal each ten seconds.
  EXPECT_LT(refused, (rate() < 7 ? 0.12 : 0.03) * requests);
}

TEST_P(NamedBucket, IsNotOverrunAfterAPause) {
  for (unsigned seed = 1; seed <= kPhases; ++seed) {
    // One at a time over a long way, then many: an idle bucket overflows, which the model must not count on.
    PacedRun run = paced(discipline(), rate(), seed);
    run.requests = static_cast<int>(10 * rate());
    run.in_flight = 3;
    run.out = {.mean = 0.25, .spread = 0.2};
    run.run();
    ASSERT_EQ(run.refused, 0) << "seed " << seed;
  }
}

TEST_P(NamedBucket, IsCappedByTheUser) {
  PacedRun run = paced(discipline(), rate(), 1);
  run.pacer.max_rate = rate() / 2;
  run.requests = static_cast<int>(20 * rate());
  run.run();
  EXPECT_EQ(run.refused, 0);
  EXPECT_NEAR(run.seconds, run.requests / (rate() / 2), 0.02 * run.seconds + 2 / rate());
  for (const double from : run.sent) EXPECT_LE(run.sent_between(from, from + 1), std::ceil(rate() / 2) + 1);
}

class PacerTest : public testing::Test {
 protected:
  static RateSignal bucket(double rate, double remaining) { return {rate, 2 * rate, remaining}; }
  int burst(Pacer& pacer) const {
    int sent = 0;
    for (; pacer.next(now_) <= now_ && sent < 1'000'000; ++sent) static_cast<void>(pacer.take(now_));
    return sent;
  }
  SteadyTime now_{seconds(100)};
};

TEST_F(PacerTest, TheFirstRequestGoesAlone) {
  Pacer pacer({.max_rate = 1000});
  EXPECT_EQ(pacer.next(now_), now_);
  const auto first = pacer.take(now_);
  EXPECT_EQ(pacer.next(now_ + seconds(60)), SteadyTime::max());
  pacer.lost(first, now_ + seconds(60));
  now_ += seconds(60);
  const auto second = pacer.take(now_);  // a probe that got lost tells nothing
  EXPECT_EQ(pacer.next(now_), SteadyTime::max());
  pacer.answered(second, now_, bucket(10, 19));
  EXPECT_EQ(pacer.next(now_), now_);
  EXPECT_EQ(pacer.rate(), 10);
}

TEST_F(PacerTest, HoldsOneSecondInReserveHoweverLongItIdles) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(10, 19));
  EXPECT_EQ(burst(pacer), 9);
  now_ += seconds(3600);
  EXPECT_LE(burst(pacer), 10);
}

TEST_F(PacerTest, AnAnswerThatShowsLessLowersTheModel) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(10, 19));
  now_ += seconds(10);
  pacer.answered(pacer.take(now_), now_, bucket(10, 0));  // somebody else took ten
  EXPECT_EQ(burst(pacer), 0);
  EXPECT_NEAR(to_seconds(pacer.next(now_) - now_), 1.1, 0.02);
}

TEST_F(PacerTest, OlderAnswersDoNotBringBackAnOlderRate) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(10, 19));
  const auto older = pacer.take(now_);
  const auto newer = pacer.take(now_);
  pacer.answered(newer, now_, bucket(5, 9));
  pacer.answered(older, now_, bucket(10, 18));
  EXPECT_EQ(pacer.rate(), 5);
}

TEST_F(PacerTest, RetryAfterIsObeyed) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(10, 19));
  pacer.refused(pacer.take(now_), now_, bucket(10, 0), seconds(7));
  EXPECT_EQ(pacer.next(now_), now_ + seconds(7));
}

TEST_F(PacerTest, ARefusedBucketIsGivenTimeToRefill) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(10, 19));
  pacer.refused(pacer.take(now_), now_, {}, std::nullopt);
  EXPECT_GE(pacer.next(now_), now_ + seconds(1));
  EXPECT_LE(pacer.next(now_), now_ + milliseconds(1200));
}

TEST_F(PacerTest, SignalsThatCannotBeMeantAreIgnored) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  Pacer pacer({});
  for (const RateSignal& signal :
       {RateSignal{0, 0, 0}, {-1, -2, -3}, {nan, nan, nan}, {infinity, infinity, infinity}}) {
    const auto ticket = pacer.take(now_);
    pacer.answered(ticket, now_, signal);
    EXPECT_EQ(pacer.rate(), infinity);
  }
  pacer.answered(pacer.take(now_), now_, {10, nan, nan});
  EXPECT_EQ(pacer.rate(), 10);
  now_ += seconds(10);
  const auto ticket = pacer.take(now_);
  pacer.answered(ticket, now_, {10, 20, -1});
  now_ += seconds(1);
  EXPECT_EQ(pacer.next(now_), now_);
}

TEST_F(PacerTest, AnAlmostDryBucketIsNoEndOfTime) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, {1e-300, 2, 0});
  EXPECT_GT(pacer.next(now_), now_ + std::chrono::hours(1));
  EXPECT_LT(pacer.next(now_), SteadyTime::max());
}

TEST_F(PacerTest, ABucketBeyondReachCostsNoWaiting) {
  Pacer pacer({});
  pacer.answered(pacer.take(now_), now_, bucket(1e6, 2e6 - 1));
  EXPECT_EQ(burst(pacer), 999'999);
}

}  // namespace
}  // namespace pipeline::http
