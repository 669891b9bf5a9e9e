#include "page_history.h"

#include "pipeline/base/error.h"

#include "page_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::report::page {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using test::counter_row;
using test::MadeRuns;
using test::timer_row;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

double middle_of(std::vector<double> values) {
  std::ranges::sort(values);
  return values[(values.size() - 1) / 2];
}

History gather(const MadeRuns& made, WallTime from = {}) {
  return in_order_of_a_night(read_history(made.history(), {.from = from, .middle = middle_of}));
}

TEST(PageUnit, GroupsOnlyWhatAChartCannotShow) {
  const WallTime first = MadeRuns::kFirst;
  EXPECT_EQ(unit_for(132, first, first + days(132)), Unit::run);
  EXPECT_EQ(unit_for(133, first, first + days(13)), Unit::day);
  EXPECT_EQ(unit_for(400, first, first + days(130)), Unit::day);
  EXPECT_EQ(unit_for(400, first, first + days(400)), Unit::week);
  EXPECT_EQ(unit_for(100'000, first, first + days(520 * 7)), Unit::four_weeks);
}

TEST(PageUnit, BeginsDaysAtMidnightAndWeeksOnMondaysInKorea) {
  const WallTime monday = MadeRuns::kFirst - hours(3);
  EXPECT_EQ(group_start(Unit::day, monday), monday);
  EXPECT_EQ(group_start(Unit::day, monday - minutes(1)), monday - days(1));
  EXPECT_EQ(group_start(Unit::week, monday + days(7) - minutes(1)), monday);
  EXPECT_EQ(group_start(Unit::week, monday - minutes(1)), monday - days(7));
  EXPECT_EQ(group_start(Unit::four_weeks, group_start(Unit::four_weeks, monday) + days(27)),
            group_start(Unit::four_weeks, monday));
}

TEST(PageHistory, HasTheWholeRunFirstThenWhatTakesMostTime) {
  MadeRuns made;
  for (int night = 0; night < 3; ++night) made.sync(night);
  const History history = gather(made);
  ASSERT_THAT(history.commands, SizeIs(1));
  const auto& stages = history.commands[0].stages;
  ASSERT_THAT(stages, SizeIs(3)) << "a stage that never ran is left out";
  EXPECT_EQ(stages[0].metric, "sync_total_seconds");
  EXPECT_TRUE(stages[0].single);
  EXPECT_EQ(stages[1].metric, "detail_fetch_seconds");
  EXPECT_FALSE(stages[1].single);
  EXPECT_EQ(stages[2].metric, "list_fetch_seconds");
  ASSERT_THAT(stages[1].points, SizeIs(3));
  EXPECT_EQ(stages[1].points[2].at, MadeRuns::kFirst + days(2));
  EXPECT_EQ(stages[1].points[2].count, 100u);
}

TEST(PageHistory, KeepsTheCommandsInTheOrderOfANightAndSeparateLabels) {
  MadeRuns made;
  made.add("package", 0, {timer_row("package_total_seconds", 1, 1, 1, 1)});
  made.add("zeta", 0, {timer_row("zeta_total_seconds", 1, 1, 1, 1)});
  made.sync(0, 4,
            {timer_row("pace_wait_seconds", 2, 1, 1, 1, "endpoint=list"),
             timer_row("pace_wait_seconds", 3, 1, 1, 1, "endpoint=detail")});
  const History history = gather(made);
  ASSERT_THAT(history.commands, SizeIs(3));
  EXPECT_EQ(history.commands[0].command, "sync");
  EXPECT_EQ(history.commands[1].command, "package");
  EXPECT_EQ(history.commands[2].command, "zeta");
  EXPECT_THAT(history.commands[0].stages, SizeIs(5));
}

TEST(PageHistory, LeavesOutWhatIsOlderThanThePeriod) {
  MadeRuns made;
  for (int night = 0; night < 10; ++night) made.sync(night, 4 + night);
  const History history = gather(made, MadeRuns::kFirst + days(7));
  EXPECT_EQ(history.runs, 3u);
  EXPECT_EQ(history.first, MadeRuns::kFirst + days(7));
  EXPECT_THAT(before_last(history.commands[0]).like, ElementsAre(11.0 / 104, 12.0 / 104));
  EXPECT_EQ(history.commands[0].last.info.run_id, "run-0010");
  EXPECT_THAT(gather(made, MadeRuns::kFirst + days(70)).commands, IsEmpty());
}

TEST(PageHistory, TakesTheMiddleP50AndTheWorstTailOfAGroup) {
  MadeRuns made;
  for (int i = 0; i < 200; ++i)
    made.add("sync", i / 2, {timer_row("zip_seconds", 10, i % 2 ? 3 : 1, i % 2 ? 4 : 6, 9)});
  const History history = gather(made);
  const auto& sync = history.commands[0];
  EXPECT_EQ(sync.unit, Unit::day);
  ASSERT_THAT(sync.stages[0].points, SizeIs(100));
  const Point& point = sync.stages[0].points[0];
  EXPECT_EQ(point.runs, 2u);
  EXPECT_EQ(point.count, 20u);
  EXPECT_EQ(point.middle, 1) << "nearest rank of 1 and 3";
  EXPECT_EQ(point.p95, 6);
  EXPECT_EQ(point.p99, 9);
  EXPECT_EQ(point.at, MadeRuns::kFirst - hours(3));
}

TEST(PageHistory, CountsErrorsByKind) {
  MadeRuns made;
  made.sync(0, 4,
            {counter_row("api_requests_total", 7, "endpoint=detail;status=500"),
             counter_row("api_requests_total", 99, "endpoint=detail;status=200"),
             counter_row("api_requests_total", 5, "endpoint=detail;status=429"),
             counter_row("api_429_total", 5, "endpoint=detail")});
  made.sync(
      1, 4,
      {counter_row("api_requests_total", 2, "endpoint=detail;status=500"),
       counter_row("api_requests_total", 1, "endpoint=list;status=fault"), counter_row("rows_rejected_total", 0)});
  const History history = gather(made);
  const auto errors = errors_of(history.commands[0]);
  ASSERT_THAT(errors, SizeIs(3));
  EXPECT_EQ(metrics::to_text(errors[0].labels), "endpoint=detail;status=500");
  EXPECT_EQ(errors[0].period, 9u);
  EXPECT_EQ(errors[0].last, 2u);
  EXPECT_EQ(errors[0].runs, 2u);
  EXPECT_EQ(errors[1].metric, "api_429_total");
  EXPECT_EQ(errors[1].last, 0u);
  EXPECT_EQ(metrics::to_text(errors[2].labels), "endpoint=list;status=fault");
}

TEST(PageHistory, KnowsWhichCountersAreErrors) {
  EXPECT_TRUE(counts_errors("packages_total", {{"status", "rejected"}}));
  EXPECT_TRUE(counts_errors("packages_total", {{"status", "failed"}}));
  EXPECT_FALSE(counts_errors("packages_total", {{"status", "built"}}));
  EXPECT_TRUE(counts_errors("video_timeouts_total", {}));
  EXPECT_TRUE(counts_errors("db_conflict_total", {}));
  EXPECT_TRUE(counts_errors("retry_total", {{"endpoint", "list"}}));
  EXPECT_FALSE(counts_errors("images_total", {}));
}

TEST(PageHistory, TellsDamageAndGoesOn) {
  MadeRuns made;
  made.sync(0);
  for (int i = 0; i < 8; ++i) made.append("history.csv", "torn,line\r\n");
  made.sync(1);
  const History history = gather(made);
  EXPECT_EQ(history.faults, 8u);
  EXPECT_EQ(history.runs, 2u);
  ASSERT_THAT(history.told, SizeIs(kToldFaults));
  EXPECT_THAT(history.told[0], HasSubstr("history.csv:8"));
}

// Runs of a history of years are not kept one by one.
TEST(PageHistory, KeepsFewPointsOfManyRuns) {
  MadeRuns made;
  std::string lines;
  for (int i = 0; i < 20'000; ++i)
    lines += fmt::format("{},r{},t,upsert,timer,upsert_total_seconds,,seconds,1,1,1,1,1,1,1,1\r\n",
                         i % 2 ? "2025-11-24T00:00:00Z" : "2025-11-24T00:00:00.500Z", i);
  made.add("upsert", 0, {timer_row("upsert_total_seconds", 1, 1, 1, 1)});
  made.append("history.csv", lines);
  const History history = gather(made);
  EXPECT_EQ(history.runs, 20'001u);
  EXPECT_THAT(history.commands[0].stages[0].points, SizeIs(1));
  EXPECT_EQ(before_last(history.commands[0]).runs, kBefore);
}

}  // namespace
}  // namespace pipeline::report::page
