#include "package_stand.h"
#include "support/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// A limit on the size of files stands in for a full disk: it needs no right to mount one. Blocks of 512 bytes.
constexpr const char* kOneMegabyte = "trap '' XFSZ; ulimit -f 2048; exec \"$@\"";
// Root reads everything, unless it gives that right away.
constexpr const char* kAsAnyUser =
    "test \"$(id -u)\" != 0 || set -- setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"; exec \"$@\"";

class DiskRun : public testing::Test {
 protected:
  nlohmann::json under(const char* limits, int exit_code) {
    const Outcome outcome = stand_.shell(limits, {stand_.posts().string()});
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    return summary_of(outcome);
  }

  PackageStand stand_;
};

TEST_F(DiskRun, AFullDiskFailsThePostThatMetItAndLeavesItsOlderPackages) {
  const auto large = stand_.post("LARGE", {1, 2});
  (void)stand_.build();
  const auto zips = digests(stand_.out());
  (void)stand_.post("SMALL", {3, 4});
  // Each fits, both together don't.
  for (const std::uint64_t scene : {5U, 6U})
    large.put("images/" + std::to_string(scene) + ".jpg", photo({.seed = scene}, 1600, 1200, {.quality = 97}));

  const auto summary = under(kOneMegabyte, 3);
  EXPECT_THAT(statuses(summary), ElementsAre("LARGE failed", "SMALL built"));
  EXPECT_THAT(reasons_of(summary, "LARGE"), ElementsAre(AllOf(HasSubstr("_LARGE.zip"), HasSubstr("File too large"))));
  EXPECT_EQ(digests(stand_.out()).at("naver_LARGE.zip"), zips.at("naver_LARGE.zip"));
  EXPECT_EQ(digests(stand_.out()).at("unique_LARGE.zip"), zips.at("unique_LARGE.zip"));
  EXPECT_THAT(names_in(stand_.out()),
              ElementsAre("naver_LARGE.zip", "naver_SMALL.zip", "unique_LARGE.zip", "unique_SMALL.zip"));
  EXPECT_EQ(stand_.value("SELECT images FROM packages WHERE content_id = 'LARGE'"), "2") << "the older build's";

  EXPECT_THAT(statuses(stand_.build()), ElementsAre("LARGE built", "SMALL unchanged"));
  EXPECT_EQ(stand_.value("SELECT images FROM packages WHERE content_id = 'LARGE'"), "4");
}

TEST_F(DiskRun, AnOutputThatIsNoFolderIsFoundBeforeTheRun) {
  (void)stand_.post("A", {1, 2});
  std::ofstream(stand_.out()) << "a file";
  const auto summary = stand_.build();
  EXPECT_EQ(summary["exit_code"], 2);
  EXPECT_THAT(summary["stopped"].get<std::string>(), HasSubstr("--out " + stand_.out().string()));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM runs WHERE command = 'package'"), "0");
}

TEST_F(DiskRun, AnOutputThatMayNotBeWrittenToIsFoundBeforeTheRun) {
  (void)stand_.post("A", {1, 2});
  fs::create_directory(stand_.out());
  fs::permissions(stand_.out(), fs::perms::owner_read | fs::perms::owner_exec);
  const auto summary = under(kAsAnyUser, 2);
  EXPECT_THAT(summary["stopped"].get<std::string>(),
              AllOf(HasSubstr("cannot write into " + stand_.out().string()), HasSubstr("denied")));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM packages"), "0");
}

TEST_F(DiskRun, FilesThatMayNotBeReadAreNamed) {
  const auto picture = stand_.post("A", {1, 2, 3});
  const auto text = stand_.post("B", {4, 5});
  (void)stand_.post("C", {6, 7});
  fs::permissions(picture / "images/2.jpg", fs::perms::none);
  fs::permissions(text / "post.json", fs::perms::none);
  const auto summary = under(kAsAnyUser, 3);
  EXPECT_THAT(statuses(summary), ElementsAre("A rejected", "B rejected", "C built"));
  EXPECT_THAT(reasons_of(summary, "A"), ElementsAre(AllOf(HasSubstr("images/2.jpg"), HasSubstr("denied"))));
  EXPECT_THAT(reasons_of(summary, "B"), ElementsAre(AllOf(HasSubstr("post.json"), HasSubstr("denied"))));
}

TEST_F(DiskRun, AMetricsFolderThatCannotBeMadeStopsTheRunBeforeItBegan) {
  (void)stand_.post("A", {1, 2});
  std::ofstream(stand_.metrics()) << "a file";
  const auto summary = stand_.build();
  EXPECT_EQ(summary["exit_code"], 2);
  EXPECT_THAT(summary["stopped"].get<std::string>(), HasSubstr(stand_.metrics().string()));
  EXPECT_FALSE(fs::exists(stand_.out()));
}

}  // namespace
}  // namespace pipeline::test
