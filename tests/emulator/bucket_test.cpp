#include "emulator/bucket.h"

#include <gtest/gtest.h>

namespace pipeline::emulator {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kStart{1000s};

int take_all(TokenBucket& bucket, SteadyTime now) {
  int taken = 0;
  while (bucket.take(now)) ++taken;
  return taken;
}

TEST(TokenBucket, StartsWithABurstOfTwiceTheRate) {
  TokenBucket bucket({.rate = 2}, Discipline::continuous, kStart);
  EXPECT_EQ(bucket.burst_capacity(), 4);
  EXPECT_EQ(take_all(bucket, kStart), 4);
  EXPECT_EQ(bucket.remaining(), 0);
}

TEST(TokenBucket, ContinuousGivesATokenEachPartOfASecond) {
  TokenBucket bucket({.rate = 2}, Discipline::continuous, kStart);
  take_all(bucket, kStart);
  EXPECT_FALSE(bucket.take(kStart + 499ms));
  EXPECT_TRUE(bucket.take(kStart + 500ms));
  EXPECT_FALSE(bucket.take(kStart + 500ms));
  EXPECT_EQ(take_all(bucket, kStart + 1h), 4) << "idle time fills it to its capacity and no further";
}

TEST(TokenBucket, ContinuousLosesNothingToRounding) {
  TokenBucket bucket({.rate = 10, .burst = 1}, Discipline::continuous, kStart);
  take_all(bucket, kStart);
  for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(bucket.take(kStart + i * 100ms)) << i;
}

TEST(TokenBucket, SecondTicksGiveAllTokensAtOnce) {
  TokenBucket bucket({.rate = 2}, Discipline::second_ticks, kStart + 300ms);
  EXPECT_EQ(take_all(bucket, kStart), 4);
  EXPECT_EQ(take_all(bucket, kStart + 299ms), 0);
  EXPECT_EQ(take_all(bucket, kStart + 300ms), 2);
  EXPECT_EQ(take_all(bucket, kStart + 1299ms), 0);
  EXPECT_EQ(take_all(bucket, kStart + 1300ms), 2);
}

TEST(TokenBucket, RemainingIsRoundedDown) {
  TokenBucket bucket({.rate = 2}, Discipline::continuous, kStart);
  bucket.take(kStart);
  EXPECT_EQ(bucket.remaining(), 3);
  bucket.take(kStart + 400ms);
  EXPECT_EQ(bucket.remaining(), 2) << "2.8";
}

TEST(TokenBucket, ALowerRateCapsTheLevel) {
  TokenBucket bucket({.rate = 10}, Discipline::continuous, kStart);
  bucket.set({.rate = 1}, kStart);
  EXPECT_EQ(bucket.replenish_rate(), 1);
  EXPECT_EQ(take_all(bucket, kStart), 2);
  bucket.set({.rate = 10}, kStart);
  EXPECT_EQ(take_all(bucket, kStart), 0) << "a higher rate gives nothing at once";
  EXPECT_EQ(take_all(bucket, kStart + 500ms), 5);
}

TEST(TokenBucket, NoLimitSaysAVeryHighOne) {
  TokenBucket bucket({}, Discipline::continuous, kStart);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(bucket.take(kStart));
  EXPECT_EQ(bucket.replenish_rate(), 1'000'000);
  EXPECT_EQ(bucket.remaining(), 2'000'000);
  bucket.set({.rate = 3}, kStart);
  EXPECT_EQ(take_all(bucket, kStart), 6);
}

TEST(QuotaCounter, SecondsAndHoursComeBackARoundDoesNot) {
  QuotaCounter seconds({.period = QuotaPeriod::seconds, .limit = 2}, kStart);
  EXPECT_TRUE(seconds.take(kStart));
  EXPECT_TRUE(seconds.take(kStart + 1ms));
  EXPECT_FALSE(seconds.take(kStart + 999ms));
  EXPECT_TRUE(seconds.take(kStart + 1s));
  EXPECT_EQ(seconds.remaining(), 1);

  QuotaCounter hours({.period = QuotaPeriod::hours, .limit = 1}, kStart);
  EXPECT_TRUE(hours.take(kStart));
  EXPECT_FALSE(hours.take(kStart + 59min));
  EXPECT_TRUE(hours.take(kStart + 60min));

  QuotaCounter round({.period = QuotaPeriod::round, .limit = 1}, kStart);
  EXPECT_TRUE(round.take(kStart));
  EXPECT_FALSE(round.take(kStart + 100h));
}

}  // namespace
}  // namespace pipeline::emulator
