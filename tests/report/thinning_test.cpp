#include "pipeline/report/thinning.h"

#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"

#include "made_runs.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace pipeline::report {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ThinWeeks : public ::testing::Test {
 protected:
  void run(const std::string& id, const std::string& day, double seconds, int exit_code = 0,
           const std::string& command = "sync") const {
    metrics::append_history(
        dir_.path(),
        {.run_id = id,
         .trace_id = "0af7651916cd43dd8448eb211c80319c",
         .command = command,
         .started_at = at(day),
         .exit_code = exit_code},
        {test::stage(command + "_total_seconds", seconds, 1), test::stage("db_txn_seconds", seconds)});
  }
  static WallTime at(const std::string& day) { return parse_utc(day + "T03:00:00Z").value(); }
  [[nodiscard]] Thinning thin(const std::string& before) const { return thin_weeks(dir_ / "history.csv", at(before)); }

  test::TempDir dir_;
};

// 2026-11-02, -09, -16 are Mondays.
TEST_F(ThinWeeks, OfAWeekTheRunInTheMiddleStays) {
  run("a", "2026-11-02", 9);
  run("b", "2026-11-03", 1);
  run("c", "2026-11-04", 5);
  run("d", "2026-11-08", 4);
  run("e", "2026-11-09", 1);
  const Thinning thinning = thin("2026-11-09");
  EXPECT_EQ(thinning.runs, 5U);
  EXPECT_THAT(thinning.goes, UnorderedElementsAre("a", "b", "c")) << "the lower of the two in the middle, d, stays";
}

TEST_F(ThinWeeks, AWeekThatIsNotAllOldStaysWhole) {
  run("a", "2026-11-02", 9);
  run("b", "2026-11-03", 1);
  EXPECT_THAT(thin("2026-11-08").goes, IsEmpty());
  EXPECT_THAT(thin("2026-11-09").goes, UnorderedElementsAre("a"));
}

TEST_F(ThinWeeks, EachCommandAndWeekHasItsOwn) {
  run("a", "2026-11-02", 1);
  run("b", "2026-11-02", 1, 0, "package");
  run("c", "2026-11-10", 1);
  run("d", "2026-11-11", 2);
  EXPECT_THAT(thin("2026-11-16").goes, UnorderedElementsAre("d"));
}

TEST_F(ThinWeeks, ARunThatGotThroughStaysBeforeOnesThatDidNot) {
  run("a", "2026-11-02", 1, 1);
  run("b", "2026-11-03", 50, 3);
  run("c", "2026-11-04", 2, 130);
  run("d", "2026-11-09", 1, 1);
  run("e", "2026-11-10", 1, 75);
  EXPECT_THAT(thin("2026-11-16").goes, UnorderedElementsAre("a", "c", "d")) << "e is the last of its week";
}

TEST_F(ThinWeeks, WhatIsThinnedStaysAsItIs) {
  run("a", "2026-11-02", 9);
  run("b", "2026-11-03", 1);
  run("c", "2026-11-04", 5);
  const auto goes = thin("2026-11-16").goes;
  EXPECT_THAT(goes, UnorderedElementsAre("a", "b"));
  std::ofstream(dir_ / "history.csv", std::ios::trunc);
  run("c", "2026-11-04", 5);
  EXPECT_THAT(thin("2027-11-16").goes, IsEmpty());
}

TEST_F(ThinWeeks, NoHistoryIsNothingToThin) {
  EXPECT_EQ(thin("2026-11-16").runs, 0U);
}

}  // namespace
}  // namespace pipeline::report
