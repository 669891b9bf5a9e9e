#include "pipeline/report/work.h"

#include "made_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::report {
namespace {

using test::counter;
using test::run;
using test::stage;
using testing::Optional;

TEST(Work, OfASyncIsTheCallsThatWereAnswered) {
  const auto sync = run("1", {counter("api_requests_total", 4, "endpoint=list;status=200"),
                              counter("api_requests_total", 150, "endpoint=detail;status=200"),
                              counter("api_requests_total", 9, "endpoint=detail;status=500"),
                              counter("api_requests_total", 1, "endpoint=token;status=200")});
  EXPECT_THAT(work_of(sync), Optional(154));
}

TEST(Work, OfAnUpsertIsItsRowsAndTenTimesThoseItWrote) {
  EXPECT_THAT(work_of(run("1", {counter("rows_read_total", 1000), counter("db_upsert_rows_total", 20)}, "upsert")),
              Optional(1200));
}

TEST(Work, OfAPackageIsItsPicturesVideosAndUnchangedPosts) {
  EXPECT_THAT(work_of(run("1",
                          {counter("images_total", 30), stage("keyframe_extract_seconds", 0.2, 2),
                           stage("package_check_seconds", 0.001, 100)},
                          "package")),
              Optional(45));
}

TEST(Work, IsNotKnownOfOtherCommandsAndOfFilesThatDoNotTell) {
  EXPECT_EQ(work_of(run("1", {stage("sync_total_seconds", 1, 1)})), std::nullopt);
  EXPECT_EQ(work_of(run("1", {counter("rows_read_total", 1)}, "zeta")), std::nullopt);
}

TEST(Work, ARunGotThroughByItsExitCodeOrByWhatItDid) {
  auto sync = run("1", {counter("api_requests_total", 4, "endpoint=list;status=200")});
  EXPECT_TRUE(got_through(sync));
  for (const int code : {0, 3, 4}) {
    sync.info.exit_code = code;
    EXPECT_TRUE(got_through(sync)) << code;
  }
  for (const int code : {1, 2, 75, 130, 143}) {
    sync.info.exit_code = code;
    EXPECT_FALSE(got_through(sync)) << code;
  }
  EXPECT_FALSE(got_through(run("1", {counter("api_requests_total", 6, "endpoint=list;status=fault")})));
}

TEST(Work, IsAlikeUpToHalfAsMuchAgain) {
  EXPECT_TRUE(is_like_work(100, 150));
  EXPECT_TRUE(is_like_work(150, 100));
  EXPECT_FALSE(is_like_work(100, 151));
  EXPECT_FALSE(is_like_work(0, 1));
  EXPECT_FALSE(is_like_work(0, 0));
}

}  // namespace
}  // namespace pipeline::report
