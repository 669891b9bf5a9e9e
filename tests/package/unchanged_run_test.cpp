#include "pipeline/base/file.h"

#include "package_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::ElementsAre;

// Two posts of two products, built.
class UnchangedRun : public testing::Test {
 protected:
  UnchangedRun() { first_ = stand_.build(); }

  void expect_only_a_is_built() {
    const auto summary = stand_.build();
    EXPECT_EQ(summary["exit_code"], 0);
    EXPECT_THAT(statuses(summary), ElementsAre("A built", "B unchanged"));
    EXPECT_THAT(statuses(stand_.build()), ElementsAre("A unchanged", "B unchanged")) << "and it is known then";
  }
  void expect_both_are_built(const std::vector<std::string>& options) {
    EXPECT_THAT(statuses(stand_.build(options)), ElementsAre("A built", "B built")) << testing::PrintToString(options);
  }

  PackageStand stand_;
  PostFiles a_ = stand_.post("A", {1, 2}, "1001");
  PostFiles b_ = stand_.post("B", {3, 4}, "1002");
  nlohmann::json first_;
};

TEST_F(UnchangedRun, ThePostsAreLeftAloneAndNothingIsRead) {
  const auto zips = digests(stand_.out());
  const auto time = fs::last_write_time(stand_.naver("A"));
  const auto again = stand_.build({"--jobs", "1"});
  EXPECT_EQ(again["exit_code"], 0);
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_THAT(statuses(again), ElementsAre("A unchanged", "B unchanged"));
  for (const char* stage : {"image_read_seconds", "image_hash_seconds", "image_copy_seconds", "zip_seconds",
                            "package_build_seconds", "keyframe_extract_seconds"})
    EXPECT_EQ(metric(again, stage).count, 0) << stage;
  EXPECT_EQ(metric(again, "package_check_seconds").count, 2);
  EXPECT_EQ(digests(stand_.out()), zips);
  EXPECT_EQ(fs::last_write_time(stand_.naver("A")), time);
  for (const char* member : {"sku", "naver_zip", "unique_zip", "images", "keyframes", "bytes"})
    EXPECT_EQ(post_in(again, "A")[member], post_in(first_, "A")[member]) << member;
}

TEST_F(UnchangedRun, ATouchedPictureIsAChange) {
  fs::last_write_time(a_ / "images/1.jpg", fs::file_time_type::clock::now());
  expect_only_a_is_built();
}

TEST_F(UnchangedRun, APictureOfTheSameSizeAndDateThatWasWrittenAnewIsAChange) {
  const auto date = fs::last_write_time(a_ / "images/1.jpg");
  a_.put("images/1.jpg", read_file(a_ / "images/1.jpg"));
  fs::last_write_time(a_ / "images/1.jpg", date);
  expect_only_a_is_built();
}

TEST_F(UnchangedRun, APictureMoreOrLessIsAChange) {
  a_.put("images/3.jpg", small_photo(5));
  expect_only_a_is_built();
  fs::remove(a_ / "images/3.jpg");
  expect_only_a_is_built();
}

TEST_F(UnchangedRun, AnotherTextIsAChange) {
  a_.json["title"] = "다른 제목";
  a_.write();
  expect_only_a_is_built();
}

TEST_F(UnchangedRun, AnotherPriceIsAChangeAndTheSameProductOnceMoreIsNone) {
  stand_.upsert(R"({"sku":"1001","name":"보냉 텀블러 1호","sale_price":17000})");
  expect_only_a_is_built();
  const auto facts = json_file(stand_.unpack(stand_.unique("A")) / "unique_facts.json");
  EXPECT_NE(facts.dump().find("17000"), std::string::npos);
  stand_.upsert(R"({"name":"보냉 텀블러 1호","sale_price":17000,"sku":"1001"})");
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("A unchanged", "B unchanged"));
}

TEST_F(UnchangedRun, AZipThatIsGoneOrCutShortIsBuiltAgain) {
  const auto zips = digests(stand_.out());
  fs::remove(stand_.naver("A"));
  expect_only_a_is_built();
  fs::resize_file(stand_.unique("A"), fs::file_size(stand_.unique("A")) - 1);
  expect_only_a_is_built();
  EXPECT_EQ(digests(stand_.out()), zips);
}

TEST_F(UnchangedRun, OptionsThatShapeThePackageAreAChangeAndOthersAreNot) {
  EXPECT_THAT(statuses(stand_.build({"--jobs", "1", "--no-samples"})), ElementsAre("A unchanged", "B unchanged"));
  expect_both_are_built({"--force"});
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--keyframes", "3"},
                                             {"--compression", "best"},
                                             {"--min-images", "1"},
                                             {"--keep-gps"},
                                             {"--max-duplicate-ratio", "0.5"},
                                             {"--video-timeout", "9s"},
                                             {"--out", (stand_.folder() / "two").string()}})
    expect_both_are_built(options);
}

TEST_F(UnchangedRun, ARejectedPostIsLookedAtEachTime) {
  fs::remove(a_ / "images/1.jpg");
  for (int i = 0; i < 2; ++i) EXPECT_THAT(statuses(stand_.build()), ElementsAre("A rejected", "B unchanged"));
}

}  // namespace
}  // namespace pipeline::test
