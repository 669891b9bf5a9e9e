#include "page_samples.h"

#include "page_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace pipeline::report::page {
namespace {

using test::MadeRuns;
using testing::Each;
using testing::SizeIs;

RunSamples samples_of(const std::vector<std::string>& lines, std::vector<std::string>* told = nullptr) {
  const MadeRuns made;
  made.samples("sync", "x", lines);
  return gather_samples(made.path() / "sync-x-samples.csv", "sync_total_seconds", [&](const std::string& what) {
    if (told != nullptr) told->push_back(what);
  });
}

TEST(PageSamples, TellHowManyWereUnderWay) {
  const auto samples = samples_of(
      {",,sync_total_seconds,2026-11-23T00:00:00.000Z,1.2", ",A,detail_fetch_seconds,2026-11-23T00:00:00.000Z,0.6",
       ",B,detail_fetch_seconds,2026-11-23T00:00:00.300Z,0.6", ",,db_txn_seconds,2026-11-23T00:00:01.100Z,0.1"});
  ASSERT_EQ(samples.state, RunSamples::State::read);
  EXPECT_DOUBLE_EQ(samples.seconds, 1.2);
  EXPECT_DOUBLE_EQ(samples.slot, 0.002);
  ASSERT_THAT(samples.lanes, SizeIs(2)) << "the whole run has no lane";
  const Lane& detail = samples.lanes[0];
  EXPECT_EQ(detail.metric, "detail_fetch_seconds");
  EXPECT_EQ(detail.count, 2u);
  EXPECT_NEAR(detail.last, 0.9, 1e-9);
  ASSERT_THAT(detail.at_once, SizeIs(600));
  EXPECT_NEAR(detail.at_once[50], 1, 1e-9);   // 0.1 s
  EXPECT_NEAR(detail.at_once[200], 2, 1e-9);  // 0.4 s: they overlap
  EXPECT_NEAR(detail.at_once[400], 1, 1e-9);  // 0.8 s
  EXPECT_NEAR(detail.at_once[500], 0, 1e-9);
  EXPECT_EQ(samples.lanes[1].metric, "db_txn_seconds") << "lanes stand as they began";
}

// What is spread over the slots is what was there, whatever falls where.
TEST(PageSamples, LoseNoTime) {
  std::vector<std::string> lines;
  double sum = 0;
  for (int i = 0; i < 500; ++i) {
    const double took = 0.0007 * (i % 37) * (i % 11);
    sum += took;
    lines.push_back(fmt::format(",S{},zip_seconds,2026-11-23T00:00:{:02}.{:03}Z,{}", i, i % 3, i * 7 % 1000, took));
  }
  const auto samples = samples_of(lines);
  const auto& slots = samples.lanes.at(0).at_once;
  EXPECT_NEAR(std::accumulate(slots.begin(), slots.end(), 0.0) * samples.slot, sum, 1e-6);
  EXPECT_NEAR(samples.lanes[0].seconds, sum, 1e-9);
  EXPECT_THAT(slots, Each(testing::Ge(-1e-9)));
}

TEST(PageSamples, KeepTheTenSlowestWithTheirNames) {
  std::vector<std::string> lines{",,db_txn_seconds,2026-11-23T00:00:00Z,9"};
  for (int i = 0; i < 40; ++i)
    lines.push_back(fmt::format("P{0},S{0},zip_seconds,2026-11-23T00:00:00Z,{1}", i, (i * 17 % 40) * 0.01));
  const auto samples = samples_of(lines);
  ASSERT_THAT(samples.slow, SizeIs(1)) << "only stages that name something";
  ASSERT_THAT(samples.slow[0].top, SizeIs(10));
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(samples.slow[0].top[i].seconds, 0.39 - 0.01 * double(i), 1e-9);
  EXPECT_EQ(samples.slow[0].top[0].sku, "S7");
  EXPECT_EQ(samples.slow[0].top[0].content_id, "P7");
}

TEST(PageSamples, AreTheSameInAnyOrder) {
  std::vector<std::string> lines;
  for (int i = 0; i < 30; ++i) lines.push_back(fmt::format(",S{:02},zip_seconds,2026-11-23T00:00:00Z,0.5", i));
  const auto one = samples_of(lines);
  std::ranges::reverse(lines);
  const auto other = samples_of(lines);
  for (std::size_t i = 0; i < kSlowest; ++i) {
    EXPECT_EQ(one.slow[0].top[i].sku, fmt::format("S{:02}", i));
    EXPECT_EQ(other.slow[0].top[i].sku, one.slow[0].top[i].sku);
  }
}

TEST(PageSamples, MayBeMissingEmptyOrBroken) {
  EXPECT_EQ(gather_samples("/nowhere/x.csv", "", {}).state, RunSamples::State::absent);
  EXPECT_EQ(samples_of({}).state, RunSamples::State::absent);
  std::vector<std::string> told;
  const auto torn = samples_of({",A,zip_seconds,2026-11-23T00:00:00Z,1", ",A,zip_seconds,yesterday,1"}, &told);
  EXPECT_EQ(torn.state, RunSamples::State::read);
  EXPECT_EQ(torn.damaged, 1u);
  EXPECT_THAT(told, SizeIs(1));
  const MadeRuns made;
  made.write("a-samples.csv", "no,header\r\n1,2\r\n");
  const auto other = gather_samples(made.path() / "a-samples.csv", "", {});
  EXPECT_EQ(other.state, RunSamples::State::unreadable);
  EXPECT_THAT(other.trouble, testing::HasSubstr("a-samples.csv"));
}

TEST(PageSamples, OfARunWithoutLengthHaveOneSlot) {
  const auto samples = samples_of({",A,zip_seconds,2026-11-23T00:00:00Z,0"});
  ASSERT_THAT(samples.lanes, SizeIs(1));
  EXPECT_THAT(samples.lanes[0].at_once, SizeIs(1));
}

}  // namespace
}  // namespace pipeline::report::page
