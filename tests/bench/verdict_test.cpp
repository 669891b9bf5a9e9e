#include "verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Mark = Verdict::Mark;

const Baseline kBaseline{{{"first", "ours to bare", "", Better::lower, 2, 1.9, 2.1},
                          {"rate", "rows", "rows/s", Better::higher, 100, 95, 105}}};
const std::vector<std::string> kBoth{"first", "rate"};

void add_first(Report& report, std::initializer_list<double> values) {
  for (const double value : values) report.add("first", "ours to bare", value, "", near_baseline());
}
void add_rate(Report& report, double value) {
  report.add("rate", "rows", value, "rows/s", near_baseline(Better::higher));
}

Mark mark_of_first(double value) {
  Report report;
  add_first(report, {value});
  return judge(report.guarded(), kBaseline, std::vector<std::string>{"first"}).front().mark;
}
Mark mark_of_rate(double value) {
  Report report;
  add_rate(report, value);
  return judge(report.guarded(), kBaseline, std::vector<std::string>{"rate"}).front().mark;
}

TEST(Judge, AllowsFifteenPercentInEitherDirection) {
  EXPECT_EQ(mark_of_first(2), Mark::within);
  EXPECT_EQ(mark_of_first(2.299), Mark::within);
  EXPECT_EQ(mark_of_first(2.301), Mark::worse);
  EXPECT_EQ(mark_of_first(1.701), Mark::within);
  EXPECT_EQ(mark_of_first(1.699), Mark::better);
}

TEST(Judge, KnowsThatARateIsBetterWhenItIsHigher) {
  EXPECT_EQ(mark_of_rate(85.1), Mark::within);
  EXPECT_EQ(mark_of_rate(84.9), Mark::worse);
  EXPECT_EQ(mark_of_rate(115.1), Mark::better);
}

TEST(Judge, TakesTheMedianOfTheRounds) {
  Report report;
  add_first(report, {2, 90, 2.1, 2.2, 80});
  const auto verdicts = judge(report.guarded(), kBaseline, std::vector<std::string>{"first"});
  EXPECT_EQ(verdicts.front().mark, Mark::within);
  EXPECT_DOUBLE_EQ(verdicts.front().now, 2.2);
  EXPECT_NEAR(verdicts.front().change, 0.1, 1e-9);
}

TEST(Judge, AFigureMissingOnEitherSideIsAFailureWithWords) {
  Report report;
  add_first(report, {2});
  report.add("first", "new figure", 1, "", near_baseline());
  const auto verdicts = judge(report.guarded(), kBaseline, kBoth);
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[1].mark, Mark::no_baseline);
  EXPECT_EQ(verdicts[2].mark, Mark::not_measured);
  EXPECT_FALSE(passes(verdicts));
  EXPECT_THAT(to_text(verdicts), AllOf(HasSubstr("first: new figure has no baseline"),
                                       HasSubstr("rate: rows is in the baseline, and was not measured")));
}

TEST(Judge, AsksOnlyForTheFiguresOfTheCasesThatWereRun) {
  Report report;
  add_first(report, {2});
  EXPECT_TRUE(passes(judge(report.guarded(), kBaseline, std::vector<std::string>{"first"})));
}

TEST(Judge, SaysWhatGotWorseAndWhatGotBetter) {
  Report report;
  add_first(report, {2.5});
  add_rate(report, 150);
  const auto verdicts = judge(report.guarded(), kBaseline, kBoth);
  EXPECT_FALSE(passes(verdicts));
  EXPECT_THAT(
      to_text(verdicts),
      AllOf(HasSubstr("first: ours to bare got worse: 2.5 instead of 2 (+25.0 %, 15 % are allowed)"),
            HasSubstr("rate: rows got better: 150 instead of 100 (+50.0 %)"), HasSubstr("scripts/bench record")));
}

TEST(Judge, ThatSomethingGotBetterIsNoFailure) {
  Report report;
  add_first(report, {1});
  EXPECT_TRUE(passes(judge(report.guarded(), kBaseline, std::vector<std::string>{"first"})));
}

// What is measured again, and what comes of it.
class JudgePatiently : public testing::Test {
 protected:
  std::vector<Verdict> judge_with(std::vector<std::vector<double>> fresh_rounds) {
    return judge_patiently(report_, kBaseline, kBoth, [&](const std::string& name) {
      asked_.push_back(name);
      ASSERT_FALSE(fresh_rounds.empty());
      for (const double value : fresh_rounds.front()) add_first(report_, {value});
      fresh_rounds.erase(fresh_rounds.begin());
    });
  }

  Report report_;
  std::vector<std::string> asked_;
};

TEST_F(JudgePatiently, MeasuresNothingAgainThatIsWithin) {
  add_first(report_, {2, 2, 2});
  add_rate(report_, 100);
  EXPECT_TRUE(passes(judge_with({})));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(JudgePatiently, ForgivesNoiseThatFreshRoundsOutweigh) {
  add_first(report_, {2.5, 2.5, 2});
  add_rate(report_, 100);
  EXPECT_TRUE(passes(judge_with({{2, 2, 2}})));
  EXPECT_THAT(asked_, ElementsAre("first"));
}

TEST_F(JudgePatiently, FailsWhatStaysOverInAllThreeAttempts) {
  add_first(report_, {2.5, 2.5, 2.5});
  add_rate(report_, 100);
  const auto verdicts = judge_with({{2.4, 2.4, 2.4}, {2.5, 2.5, 2.5}});
  EXPECT_FALSE(passes(verdicts));
  EXPECT_THAT(asked_, ElementsAre("first", "first"));
}

TEST_F(JudgePatiently, PoolsTheRoundsOfAllAttempts) {
  add_first(report_, {2.6, 2.6, 2.6});
  add_rate(report_, 100);
  // One good attempt does not outweigh two bad ones.
  EXPECT_FALSE(passes(judge_with({{2.6, 2.6, 2.6}, {2, 2, 2}})));
}

TEST_F(JudgePatiently, DoesNotAskAgainWhenThereIsNoDoubt) {
  add_first(report_, {4.1, 5, 6});
  add_rate(report_, 100);
  EXPECT_FALSE(passes(judge_with({})));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(JudgePatiently, ADoubledMedianWithOneGoodRoundIsStillInDoubt) {
  add_first(report_, {2, 5, 6});
  add_rate(report_, 100);
  EXPECT_TRUE(passes(judge_with({{2, 2, 2}})));
  EXPECT_THAT(asked_, ElementsAre("first"));
}

TEST_F(JudgePatiently, MeasuresNothingAgainForAFigureThatIsMissing) {
  add_first(report_, {2});
  EXPECT_FALSE(passes(judge_with({})));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST(JudgeText, HasALineAFigure) {
  Report report;
  add_first(report, {2.1});
  EXPECT_THAT(to_text(judge(report.guarded(), kBaseline, std::vector<std::string>{"first"})),
              AllOf(HasSubstr("+5.0 %"), HasSubstr("ok"), Not(HasSubstr("WORSE"))));
}

}  // namespace
}  // namespace pipeline::bench
