#include "pipeline/base/folder.h"

#include "pipeline/base/error.h"

#include "support/temp_dir.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace pipeline {
namespace {

TEST(Folder, OfAPath) {
  EXPECT_EQ(folder_of("a/b.csv"), "a");
  EXPECT_EQ(folder_of("b.csv"), ".");
  EXPECT_EQ(folder_of("/b.csv"), "/");
}

TEST(Folder, APathThatLeadsThereFromAnywhere) {
  const auto here = std::filesystem::current_path();
  EXPECT_EQ(from_anywhere("posts/A"), here / "posts/A");
  EXPECT_EQ(from_anywhere("./posts/../posts//A/"), here / "posts/A");
  EXPECT_EQ(from_anywhere("/srv/posts/A/"), "/srv/posts/A");
  EXPECT_EQ(from_anywhere("/"), "/");
  EXPECT_EQ(from_anywhere(""), "") << "of nothing nothing is made";
}

TEST(Folder, IsShownShortWhereItIsInTheCurrentOne) {
  const auto here = std::filesystem::current_path();
  EXPECT_EQ(shown_from_here(here / "posts/A"), "posts/A");
  EXPECT_EQ(shown_from_here(here), here.string());
  EXPECT_EQ(shown_from_here(here.parent_path() / "other"), (here.parent_path() / "other").string());
  EXPECT_EQ(shown_from_here("posts/A"), "posts/A");
  EXPECT_EQ(shown_from_here(""), "");
}

TEST(Folder, IsMadeWithThoseAboveIt) {
  const test::TempDir dir;
  EXPECT_EQ(make_folder(dir / "a/b"), dir / "a/b");
  EXPECT_TRUE(std::filesystem::is_directory(dir / "a/b"));
  EXPECT_EQ(make_folder(dir / "a/b"), dir / "a/b");  // it may be there
}

TEST(Folder, WhatIsInTheWayIsTold) {
  const test::TempDir dir;
  std::ofstream(dir / "file") << "x";
  try {
    make_folder(dir / "file/a", "the metrics folder", ": name another");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()),
              "cannot make the metrics folder " + (dir / "file/a").string() + ": Not a directory: name another");
  }
}

}  // namespace
}  // namespace pipeline
