#include "pipeline/base/error.h"
#include "pipeline/package/post.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class FindPosts : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"posts/POST10", "posts/POST2", "posts/.hidden", "other/A"}) {
      fs::create_directories(dir_ / name);
      std::ofstream(dir_ / name / "post.json") << "{}";
    }
    fs::create_directories(dir_ / "posts/no_post");
    fs::create_directories(dir_ / "empty");
    std::ofstream(dir_ / "posts/readme.txt") << "x";
  }

  const test::TempDir dir_;
};

TEST_F(FindPosts, InAFolderOfPostsByName) {
  EXPECT_THAT(find_posts({dir_ / "posts"}), ElementsAre(dir_ / "posts/POST2", dir_ / "posts/POST10"));
}

TEST_F(FindPosts, GivenOnesStayInTheOrderGivenEachOnce) {
  fs::create_directory_symlink(dir_ / "posts/POST2", dir_ / "link");
  EXPECT_THAT(find_posts({dir_ / "posts/POST10", dir_ / "other", dir_ / "posts", dir_ / "posts/../posts/POST2",
                          dir_ / "link", dir_ / "other/A/"}),
              ElementsAre(dir_ / "posts/POST10", dir_ / "other/A", dir_ / "posts/POST2"));
  EXPECT_THAT(find_posts({}), IsEmpty());
}

TEST_F(FindPosts, APostJsonStandsForItsFolder) {
  EXPECT_THAT(find_posts({dir_ / "other/A/post.json", dir_ / "other/A"}), ElementsAre(dir_ / "other/A"));
  const auto before = fs::current_path();
  fs::current_path(dir_ / "other/A");
  const auto here = find_posts({"post.json"});
  fs::current_path(before);
  EXPECT_THAT(here, ElementsAre("."));
}

TEST_F(FindPosts, AHiddenPostIsTakenWhenItIsGiven) {
  EXPECT_THAT(find_posts({dir_ / "posts/.hidden"}), ElementsAre(dir_ / "posts/.hidden"));
}

TEST_F(FindPosts, APostWhosePostJsonIsBrokenIsStillOne) {
  fs::remove(dir_ / "other/A/post.json");
  fs::create_symlink("none", dir_ / "other/A/post.json");
  EXPECT_THAT(find_posts({dir_ / "other"}), ElementsAre(dir_ / "other/A"));
}

TEST_F(FindPosts, APostJsonThatNotepadNamedIsAPostWithAHint) {
  fs::rename(dir_ / "other/A/post.json", dir_ / "other/A/post.json.txt");
  EXPECT_THAT(find_posts({dir_ / "other"}), ElementsAre(dir_ / "other/A"));
  const PostReading reading = read_post(dir_ / "other/A");
  ASSERT_EQ(reading.faults.size(), 1U);
  EXPECT_EQ(reading.faults[0].what, "does not exist: did you mean post.json.txt?");
}

TEST_F(FindPosts, WhatIsNoPostAndHoldsNoneIsAUsageError) {
  for (const auto& path : {dir_ / "empty", dir_ / "none", dir_ / "posts/no_post", dir_ / "posts/readme.txt"})
    EXPECT_THAT(
        [&] {
          (void)find_posts({dir_ / "posts", path});
        },
        ThrowsMessage<UsageError>(HasSubstr(path.string())))
        << path;
}

}  // namespace
}  // namespace pipeline::package
