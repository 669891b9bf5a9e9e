#include "page_parts.h"
#include "page_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::report::page {
namespace {

using test::counter_row;
using test::MadeRuns;
using test::timer_row;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<metrics::Row> night(double seconds, double details) {
  return {timer_row("sync_total_seconds", 1, seconds, seconds, seconds),
          counter_row("api_requests_total", 10, "endpoint=list;status=200"),
          counter_row("api_requests_total", details, "endpoint=detail;status=200")};
}

class PageCards : public ::testing::Test {
 protected:
  // Ten usual nights: 10 lists and 90 details in 10 s, 100 ms each.
  void SetUp() override {
    for (int i = 0; i < 10; ++i) made_.add("sync", i, night(10, 90));
  }
  [[nodiscard]] std::string card(const ExitCodeOf& exit_code_of = {}) const {
    const metrics::Budget budget;
    PageRequest request;
    request.budget = &budget;
    const auto history = read_history(made_.history(), {.exit_code_of = exit_code_of});
    metrics::Verdict kept;
    kept.outcome = metrics::Verdict::Outcome::kept;
    return command_card(history.commands.front(), request, {kept});
  }

  MadeRuns made_;
};

const auto kNothingJudged = AllOf(Not(HasSubstr("class=\"good\"")), Not(HasSubstr("faster")), Not(HasSubstr("slower")));

TEST_F(PageCards, ARunIsComparedByTheItem) {
  made_.add("sync", 10, night(11, 100));
  EXPECT_THAT(card(), HasSubstr("close to the median per item of 10 runs before with like work, 100"));
  made_.add("sync", 11, night(22, 100));
  EXPECT_THAT(card(), AllOf(HasSubstr("100% slower per item than the median of 11 runs before with like work"),
                            HasSubstr("<p class=\"bad\">! ")));
  made_.add("sync", 12, night(5.5, 100));
  EXPECT_THAT(card(), HasSubstr("50% faster per item"));
}

TEST_F(PageCards, ACatchUpNightIsNotScolded) {
  made_.add("sync", 10, night(74, 1520));
  EXPECT_THAT(card(), AllOf(HasSubstr("of 10 runs before that got through, 0 had like work: too few to compare with"),
                            HasSubstr("일의 양이 비슷한 것 0회"), Not(HasSubstr("slower"))));
}

TEST_F(PageCards, ANightWithHardlyAnythingToDoIsNotPraised) {
  made_.add("sync", 10, night(1, 0));
  EXPECT_THAT(card(), AllOf(HasSubstr("0 had like work"), Not(HasSubstr("faster"))));
}

TEST_F(PageCards, ARunThatFailedIsNeverPraised) {
  for (const int code : {1, 2, 75, 130, 143}) {
    made_.add("sync", 10 + code, night(0.4, 90), code);
    EXPECT_THAT(card(), AllOf(kNothingJudged, HasSubstr("did not get through, so it is not compared"),
                              HasSubstr("did not get through, so no limit is judged")))
        << code;
  }
}

TEST_F(PageCards, ARunThatFailedIsNoMeasureForOthers) {
  for (int i = 10; i < 50; ++i) made_.add("sync", i, night(0.1, 90), 1);
  made_.add("sync", 50, night(10, 90));
  EXPECT_THAT(card(), AllOf(HasSubstr("close to the median per item of 10 runs before"),
                            HasSubstr("runs: 51, of which 40 did not get through")));
  const auto history = read_history(made_.history(), {});
  EXPECT_EQ(history.commands[0].stages[0].points.size(), 11U) << "nor are they drawn";
}

TEST_F(PageCards, ARunThatWasDoneInPartOrOverBudgetIsCompared) {
  for (const int code : {3, 4}) {
    made_.add("sync", 10 + code, night(10, 90), code);
    EXPECT_THAT(card(), HasSubstr("close to the median per item")) << code;
  }
}

// Files of older versions do not tell how a run ended.
TEST_F(PageCards, TheDatabaseTellsHowARunEnded) {
  made_.add("sync", 10, night(0.4, 90), std::nullopt);
  EXPECT_THAT(card(), HasSubstr("96% faster per item"));
  EXPECT_THAT(card([](std::string_view) { return 1; }), AllOf(kNothingJudged, HasSubstr("<p class=\"bad\">! ")));
  made_.add("sync", 11,
            {timer_row("sync_total_seconds", 1, 0.1, 0.1, 0.1),
             counter_row("api_requests_total", 6, "endpoint=list;status=fault")},
            std::nullopt);
  EXPECT_THAT(card(), kNothingJudged) << "nothing was answered";
}

TEST_F(PageCards, WithoutKnowingTheWorkNothingIsCompared) {
  made_.add("sync", 10, {timer_row("sync_total_seconds", 1, 1, 1, 1)});
  EXPECT_THAT(card(), AllOf(HasSubstr("how much work it had is not known"), Not(HasSubstr("faster"))));
}

}  // namespace
}  // namespace pipeline::report::page
