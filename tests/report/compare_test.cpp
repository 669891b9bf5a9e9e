#include "pipeline/report/compare.h"

#include "pipeline/base/error.h"

#include "made_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::report {
namespace {

using test::group;
using test::run;
using test::runs_with;
using test::stage;
using testing::AllOf;
using testing::HasSubstr;

const Stage& stage_of(const Comparison& comparison, const std::string& metric) {
  for (const Section& section : comparison.sections)
    for (const Stage& stage : section.stages)
      if (stage.metric == metric) return stage;
  throw Error("no stage " + metric);
}

std::string refusal(const RunGroup& base, const RunGroup& fresh) {
  try {
    (void)compare(base, fresh);
    return {};
  } catch (const UsageError& e) {
    return e.what();
  }
}

TEST(Compare, OneRunASideIsJudgedByTheLimitAlone) {
  const auto comparison = compare(runs_with("a", {0.1}), runs_with("b", {0.12}));
  const Stage detail = stage_of(comparison, "detail_fetch_seconds");
  EXPECT_EQ(detail.worst(), Mark::regressed);
  EXPECT_DOUBLE_EQ(*detail.changes[0].base, 0.1);
  EXPECT_DOUBLE_EQ(*detail.changes[2].fresh, 0.18);
  EXPECT_NEAR(detail.changes[1].growth(), 0.2, 1e-12);
  EXPECT_TRUE(comparison.regressed());
  EXPECT_FALSE(compare(runs_with("a", {0.1}), runs_with("b", {0.12}), {.max_regression = 0.25}).regressed());
}

TEST(Compare, SeveralRunsASideShowTheMedians) {
  const auto comparison =
      compare(runs_with("a", {0.1, 0.3, 0.101, 0.099, 0.102}), runs_with("b", {0.13, 0.131, 0.129, 0.132, 0.128}));
  const Stage detail = stage_of(comparison, "detail_fetch_seconds");
  EXPECT_DOUBLE_EQ(*detail.changes[0].base, 0.101);
  EXPECT_DOUBLE_EQ(*detail.changes[0].fresh, 0.13);
  EXPECT_EQ(comparison.tested, 4);  // p50, p95, p99, and the p50 of the total
  EXPECT_EQ(stage_of(comparison, "sync_total_seconds").changes[1].mark, Mark::not_judged);
}

TEST(Compare, AQuantileNeedsSamples) {
  const auto side = [](const std::string& id, std::uint64_t samples, double p50) {
    return group({run(id, {stage("sync_total_seconds", 1, 1), stage("x_seconds", p50, samples)})});
  };
  const auto marks = [&](std::uint64_t samples) {
    const auto comparison = compare(side("a", samples, 1), side("b", samples, 2));
    std::string text;
    for (const Change& change : stage_of(comparison, "x_seconds").changes)
      text += change.mark == Mark::regressed ? 'x' : '.';
    return text;
  };
  EXPECT_EQ(marks(4), "...");
  EXPECT_EQ(marks(5), "x..");
  EXPECT_EQ(marks(19), "x..");
  EXPECT_EQ(marks(20), "xx.");
  EXPECT_EQ(marks(99), "xx.");
  EXPECT_EQ(marks(100), "xxx");
  const auto uneven = compare(side("a", 1000, 1), side("b", 3, 2));
  EXPECT_EQ(stage_of(uneven, "x_seconds").changes[0].mark, Mark::not_judged);
  EXPECT_THAT(stage_of(uneven, "x_seconds").changes[0].why, HasSubstr("3 samples a run, 5 needed"));
}

TEST(Compare, TheWholeRunIsAlwaysJudged) {
  const auto side = [](const std::string& id, double seconds) {
    return group({run(id, {stage("sync_total_seconds", seconds, 1)})});
  };
  EXPECT_TRUE(compare(side("a", 1), side("b", 1.2)).regressed());
  EXPECT_FALSE(compare(side("a", 1), side("b", 1.1)).regressed());
}

TEST(Compare, AStageThatTakesNoTimeIsShownAndNotJudged) {
  const auto side = [](const std::string& id, double p50) {
    return group({run(id, {stage("sync_total_seconds", 10, 1), stage("list_parse_seconds", p50, 1000)})});
  };
  const auto tiny = compare(side("a", 0.00001), side("b", 0.00005));  // 0.3 % of the time
  EXPECT_FALSE(tiny.regressed());
  EXPECT_THAT(stage_of(tiny, "list_parse_seconds").changes[0].why, HasSubstr("0.3 % of the run"));
  EXPECT_TRUE(compare(side("a", 0.0001), side("b", 0.0005)).regressed());
}

TEST(Compare, NamesWhatIsNewAndWhatIsGone) {
  const auto with = [](const std::string& id, const std::string& metric) {
    metrics::Row never = stage("never_seconds", 0, 0);
    return group({run(id, {stage("sync_total_seconds", 10, 1), stage(metric, 0.1), never})});
  };
  const auto comparison = compare(with("a", "old_seconds"), with("b", "fresh_seconds"));
  EXPECT_EQ(stage_of(comparison, "old_seconds").presence, Presence::only_base);
  EXPECT_EQ(stage_of(comparison, "fresh_seconds").presence, Presence::only_fresh);
  EXPECT_FALSE(comparison.regressed());
  EXPECT_EQ(comparison.sections[0].stages.size(), 3);  // without what never ran on any side
  EXPECT_THAT(comparison_summary(comparison), HasSubstr("; 1 new: fresh; 1 gone: old"));
}

TEST(Compare, LabelsMakeAStage) {
  const auto side = [](const std::string& id, double list, double detail) {
    return group({run(id, {stage("sync_total_seconds", 10, 1), stage("pace_wait_seconds", list, 100, "endpoint=list"),
                           stage("pace_wait_seconds", detail, 100, "endpoint=detail")})});
  };
  const auto comparison = compare(side("a", 1, 1), side("b", 1, 2));
  EXPECT_EQ(comparison.sections[0].stages[1].worst(), Mark::kept);
  EXPECT_EQ(comparison.sections[0].stages[2].worst(), Mark::regressed);
  EXPECT_THAT(comparison_summary(comparison), HasSubstr("1 regressed (pace_wait detail p50 +100%)"));
}

TEST(Compare, RunsOfSeveralCommandsAreSections) {
  const auto side = [](const std::string& id) {
    return group({run(id + "s", {stage("sync_total_seconds", 1, 1)}),
                  run(id + "u", {stage("upsert_total_seconds", 1, 1)}, "upsert")});
  };
  const auto comparison = compare(side("a"), side("b"));
  ASSERT_EQ(comparison.sections.size(), 2);
  EXPECT_EQ(comparison.sections[0].command, "sync");
  EXPECT_EQ(comparison.sections[1].command, "upsert");
}

TEST(Compare, RefusesSidesThatDoNotMatch) {
  const auto sync = group({run("a", {stage("sync_total_seconds", 1, 1)})});
  const auto upsert = group({run("b", {stage("upsert_total_seconds", 1, 1)}, "upsert")});
  EXPECT_THAT(refusal(sync, upsert), HasSubstr("NEW has no run of sync, which BASE has"));
  EXPECT_THAT(refusal(sync, sync), AllOf(HasSubstr("the run a stands on both sides"), HasSubstr("a.csv")));
}

TEST(Compare, SaysWhenNothingCouldBeFound) {
  const auto few = compare(runs_with("a", {0.1, 0.1}), runs_with("b", {0.2, 0.2}));
  EXPECT_FALSE(few.regressed());
  EXPECT_EQ(few.too_few_runs(), 5);  // of four statistics: 4 / 252 is below 5 %, and 4 / 70 is not
  EXPECT_EQ(stage_of(few, "detail_fetch_seconds").worst(), Mark::cannot_tell);
  const std::vector<double> five{0.1, 0.101, 0.102, 0.103, 0.104};
  EXPECT_EQ(compare(runs_with("a", five), runs_with("b", five)).too_few_runs(), std::nullopt);
  EXPECT_EQ(compare(runs_with("a", {0.1}), runs_with("b", {0.1})).too_few_runs(), std::nullopt);
}

// A run that did `calls` of 100 ms each, and ended so.
metrics::Run with_work(const std::string& id, double calls, double seconds, int exit_code = 0) {
  auto one = run(id, {stage("sync_total_seconds", seconds, 1), stage("detail_fetch_seconds", 0.1, 1000),
                      test::counter("api_requests_total", calls, "endpoint=detail;status=200")});
  one.info.exit_code = exit_code;
  return one;
}

TEST(Compare, ARunThatDidNotGetThroughIsLeftOut) {
  const auto comparison =
      compare(group({with_work("a", 100, 10)}), group({with_work("b", 100, 10), with_work("c", 2, 0.1, 1)}));
  EXPECT_THAT(comparison.sections[0].fresh_runs, testing::ElementsAre("b"));
  EXPECT_THAT(comparison.sections[0].left_out, testing::ElementsAre("c"));
  EXPECT_EQ(stage_of(comparison, "sync_total_seconds").worst(), Mark::kept);
  EXPECT_THAT(comparison_table(comparison), HasSubstr("left out, as they did not get through: c\n"));
  EXPECT_THAT(refusal(group({with_work("a", 100, 10)}), group({with_work("c", 2, 0.1, 1)})),
              HasSubstr("NEW has no run of sync that got through"));
}

TEST(Compare, TheWholeRunIsTakenAsForTheSameWork) {
  const auto comparison = compare(group({with_work("a", 100, 10)}), group({with_work("b", 140, 14)}));
  const Stage total = stage_of(comparison, "sync_total_seconds");
  EXPECT_NEAR(total.changes[0].growth(), 0, 1e-9);
  EXPECT_NEAR(*total.changes[0].base, 12, 1e-9);
  EXPECT_EQ(total.worst(), Mark::kept);
  EXPECT_FALSE(comparison.regressed());
  EXPECT_THAT(comparison_table(comparison),
              HasSubstr("100 items of work a run before, 140 now: sync_total is given as for 120\n"));
  EXPECT_TRUE(compare(group({with_work("a", 100, 10)}), group({with_work("b", 140, 20)})).regressed());
}

TEST(Compare, AWholeRunOfOtherWorkIsNotJudged) {
  const auto comparison = compare(group({with_work("a", 100, 10)}), group({with_work("b", 1520, 74)}));
  const Stage total = stage_of(comparison, "sync_total_seconds");
  EXPECT_EQ(total.worst(), Mark::not_judged);
  EXPECT_THAT(total.changes[0].why, HasSubstr("100 items of work a run before, 1520 now"));
  EXPECT_EQ(stage_of(comparison, "detail_fetch_seconds").worst(), Mark::kept) << "a detail is a detail";
  EXPECT_FALSE(comparison.regressed());
}

}  // namespace
}  // namespace pipeline::report
