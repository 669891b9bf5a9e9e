#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/videos.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Eight posts that share pictures with the ones before them, and two a video.
void write_posts(const PackageStand& stand) {
  const auto clip = stand.folder() / "clip.mp4";
  make_video(clip, {});
  for (int i = 0; i < 8; ++i) {
    const auto post = stand.post(fmt::format("P{}", i), {3 * i, 3 * i + 1, 3 * i + 2, 3 * i + 3});
    if (i % 4 == 1) post.put("video/clip.mp4", read_file(clip));
  }
}

// As if nothing had been built before.
void forget(const PackageStand& stand) {
  stand.execute("DELETE FROM packages; DELETE FROM images");
  fs::remove_all(stand.out());
}

TEST(SameBytesRun, OneJobOrManyHereOrThereTheZipsAreTheSame) {
  PackageStand here;
  write_posts(here);
  const auto first = here.build({"--jobs", "1"});
  ASSERT_EQ(first["built"], 8) << first;
  const auto zips = digests(here.out());
  ASSERT_THAT(zips, SizeIs(16));

  EXPECT_EQ(here.build({"--jobs", "4", "--force"})["built"], 8);
  EXPECT_EQ(digests(here.out()), zips) << "built once more";

  PackageStand there;
  write_posts(there);
  for (const char* jobs : {"4", "1", "2", "8", "3"}) {
    forget(there);
    EXPECT_EQ(there.build({"--jobs", jobs})["built"], 8);
    EXPECT_EQ(digests(there.out()), zips) << "--jobs " << jobs;
  }
}

TEST(SameBytesRun, HoweverThePostIsNamed) {
  PackageStand stand;
  write_posts(stand);
  const auto post = stand.posts() / "P1";
  ASSERT_EQ(stand.summary({post.string()})["built"], 1);
  const auto zips = digests(stand.out());
  const auto link = stand.folder() / "link";
  fs::create_directory_symlink(post, link);
  for (const auto& [folder, name] : {std::pair(stand.posts(), std::string("P1")), std::pair(post, std::string(".")),
                                     std::pair(post, std::string("post.json")), std::pair(post, link.string())}) {
    SCOPED_TRACE(name);
    const std::string line = "cd '" + folder.string() + "' && exec \"$@\"";
    EXPECT_EQ(summary_of(stand.shell(line, {name}))["unchanged"], 1);
    EXPECT_EQ(summary_of(stand.shell(line, {"--force", name}))["built"], 1);
    EXPECT_EQ(digests(stand.out()), zips);
  }
}

TEST(SameBytesRun, TheFirstInTheOrderOfThePostsHasAPictureThatSeveralHave) {
  PackageStand stand;
  write_posts(stand);
  for (const char* jobs : {"1", "4"}) {
    forget(stand);
    const auto summary = stand.build({"--jobs", jobs});
    EXPECT_EQ(post_in(summary, "P0")["images"], 4);
    EXPECT_THAT(notes_of(summary, "P0"), IsEmpty());
    EXPECT_EQ(post_in(summary, "P6")["images"], 3);
    EXPECT_THAT(notes_of(summary, "P6"), ElementsAre(HasSubstr("images/1.jpg shows the same as a picture packed for "
                                                               "post P5")));
  }
  forget(stand);
  const auto backwards = stand.summary({(stand.posts() / "P1").string(), (stand.posts() / "P0").string()});
  EXPECT_THAT(statuses(backwards), ElementsAre("P1 built", "P0 built"));
  EXPECT_EQ(post_in(backwards, "P1")["images"], 4);
  EXPECT_EQ(post_in(backwards, "P0")["images"], 3);
}

TEST(SameBytesRun, APictureStaysWithThePostThatWasBuiltWithItBefore) {
  PackageStand stand;
  const auto later = stand.post("B", {1, 2, 3});
  (void)stand.build();
  (void)stand.post("A", {3, 4, 5});
  const auto summary = stand.build({"--force"});
  EXPECT_THAT(statuses(summary), ElementsAre("A built", "B built"));
  EXPECT_EQ(post_in(summary, "A")["images"], 2);
  EXPECT_EQ(post_in(summary, "B")["images"], 3);
}

}  // namespace
}  // namespace pipeline::test
