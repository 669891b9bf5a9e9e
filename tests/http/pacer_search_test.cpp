// The pace where answers name no bucket: found by refusals.
#include "pipeline/http/pacer.h"

#include "http/paced_run.h"

#include <gtest/gtest.h>

namespace pipeline::http {
namespace {

using std::chrono::seconds;
using test::Discipline;
using test::Gateway;
using test::PacedRun;

PacedRun hidden(Discipline discipline, double rate, unsigned seed) {
  PacedRun run;
  run.gateway = {
      .discipline = discipline, .rate = rate, .capacity = 2 * rate, .phase = seed / 20.0, .names_bucket = false};
  run.seed = seed;
  run.requests = static_cast<int>(60 * rate);
  return run;
}

class HiddenBucket : public testing::TestWithParam<std::tuple<Discipline, double>> {
 protected:
  static Discipline discipline() { return std::get<0>(GetParam()); }
  static double rate() { return std::get<1>(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(, HiddenBucket,
                         testing::Combine(testing::Values(Discipline::continuous, Discipline::ticks),
                                          testing::Values(2.0, 5.0, 20.0, 50.0)),
                         [](const auto& test_info) {
                           return (std::get<0>(test_info.param) == Discipline::ticks ? "ticks_" : "continuous_") +
                                  std::to_string(static_cast<int>(std::get<1>(test_info.param)));
                         });

TEST_P(HiddenBucket, IsFoundAndUsed) {
  int refused = 0, requests = 0;
  for (unsigned seed = 1; seed <= 19; ++seed) {
    PacedRun run = hidden(discipline(), rate(), seed).run();
    refused += run.refused;
    requests += run.requests;
    ASSERT_LT(run.seconds, 1.15 * run.requests / rate()) << "seed " << seed;
  }
  // A search meets a refusal about each ten seconds, and a few at its start.
  EXPECT_LT(refused, requests * (0.025 + 0.12 / rate()));
}

TEST_P(HiddenBucket, FoundEmptyIsWaitedFor) {
  PacedRun run = hidden(discipline(), rate(), 5);
  run.gateway.level = 0;
  run.run();
  EXPECT_LT(run.seconds, 1.3 * run.requests / rate() + 2);
  EXPECT_LT(run.refused, 4 + 0.1 * run.requests);
}

TEST_P(HiddenBucket, IsFollowedWhenItsRateFalls) {
  PacedRun run = hidden(discipline(), 2 * rate(), 3);
  run.events = {{20.0, [&](Gateway& gateway) { gateway.change(20.0, rate(), 2 * rate()); }}};
  run.run();
  EXPECT_LT(run.refused, 0.1 * run.requests);
  EXPECT_NEAR(run.accepted_between(30, 60), 30 * rate(), 0.15 * 30 * rate());
}

TEST(PacerSearch, AFreeServerIsUsedToTheFullAfterAFewRoundTrips) {
  PacedRun run;
  run.gateway = {.rate = 1e9, .capacity = 1e9, .names_bucket = false};
  run.run();
  EXPECT_EQ(run.refused, 0);
  EXPECT_LT(run.seconds, 1000 / (10 / 0.060) * 1.05);
}

TEST(PacerSearch, TheUsersCapHoldsFromTheStart) {
  PacedRun run;
  run.gateway = {.rate = 1e9, .capacity = 1e9, .names_bucket = false};
  run.pacer.max_rate = 20;
  run.run();
  EXPECT_NEAR(run.seconds, 1000 / 20.0, 1);
  for (const double from : run.sent) EXPECT_LE(run.sent_between(from, from + 1), 21);
}

TEST(PacerSearch, AStormIsOneRefusal) {
  SteadyTime now{seconds(100)};
  Pacer pacer({});
  for (int i = 0; i < 100; ++i) pacer.answered(pacer.take(now), now, {});
  std::vector<Pacer::Ticket> tickets;
  for (int i = 0; i < 50; ++i) tickets.push_back(pacer.take(now));
  for (const auto ticket : tickets) pacer.refused(ticket, now, {}, std::nullopt);
  EXPECT_EQ(pacer.rate(), 50);  // half of the hundred that were let through
  EXPECT_EQ(pacer.next(now), now + seconds(1));
}

TEST(PacerSearch, NeverStopsAltogether) {
  SteadyTime now{seconds(100)};
  Pacer pacer({});
  pacer.answered(pacer.take(now), now, {});
  for (int i = 0; i < 50; ++i) {
    now = std::max(now, pacer.next(now));
    pacer.refused(pacer.take(now), now, {}, std::nullopt);
  }
  EXPECT_GE(pacer.rate(), 0.1);
  EXPECT_LE(pacer.next(now), now + seconds(11));
}

TEST(PacerSearch, HeadersThatAppearEndIt) {
  SteadyTime now{seconds(100)};
  Pacer pacer({});
  pacer.answered(pacer.take(now), now, {});
  pacer.refused(pacer.take(now), now, {}, std::nullopt);
  EXPECT_LT(pacer.rate(), 1);
  now = pacer.next(now);
  pacer.answered(pacer.take(now), now, {20, 40, 39});
  EXPECT_EQ(pacer.rate(), 20);
  EXPECT_EQ(pacer.next(now), now);
}

}  // namespace
}  // namespace pipeline::http
