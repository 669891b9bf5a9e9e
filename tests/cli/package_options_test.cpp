#include "parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::parse;
using test::parse_as;
using test::ScopedEnvironment;
using test::usage_error;
using testing::ElementsAre;
using testing::HasSubstr;
using Compression = archive::Compression;

PackageCommand parse_package(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "package");
  return parse_as<PackageCommand>(arguments);
}

std::string package_error(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "package");
  return usage_error(arguments);
}

TEST(PackageOptions, HaveTheDocumentedDefaults) {
  const auto package = parse_package({"posts"});
  EXPECT_THAT(package.posts, ElementsAre("posts"));
  EXPECT_EQ(package.options.out, "packages");
  EXPECT_GE(package.options.jobs, 1U);
  EXPECT_EQ(package.options.compression, Compression::standard);
  EXPECT_EQ(package.options.keyframes, 6);
  EXPECT_EQ(package.options.min_images, 2);
  EXPECT_EQ(package.options.max_duplicate_ratio, 0.4);
  EXPECT_FALSE(package.from_queue);
  EXPECT_EQ(package.options.video_timeout, seconds(8));
  EXPECT_FALSE(package.options.keep_gps);
  EXPECT_FALSE(package.options.force);
  EXPECT_EQ(package.common.lock_wait, seconds(30));
}

TEST(PackageOptions, AreAllRead) {
  const auto package = parse_package({"a",
                                      "b",
                                      "--out",
                                      "o",
                                      "--jobs",
                                      "3",
                                      "--compression",
                                      "best",
                                      "--keyframes",
                                      "0",
                                      "--min-images",
                                      "1",
                                      "--max-duplicate-ratio",
                                      "0.5",
                                      "--video-timeout",
                                      "500ms",
                                      "--keep-gps",
                                      "--force",
                                      "--lock-wait",
                                      "2s"});
  EXPECT_THAT(package.posts, ElementsAre("a", "b"));
  EXPECT_EQ(package.options.out, "o");
  EXPECT_EQ(package.options.jobs, 3U);
  EXPECT_EQ(package.options.compression, Compression::best);
  EXPECT_EQ(package.options.keyframes, 0);
  EXPECT_EQ(package.options.min_images, 1);
  EXPECT_EQ(package.options.max_duplicate_ratio, 0.5);
  EXPECT_EQ(package.options.video_timeout, milliseconds(500));
  EXPECT_TRUE(package.options.keep_gps);
  EXPECT_TRUE(package.options.force);
  EXPECT_EQ(package.common.lock_wait, seconds(2));
}

TEST(PackageOptions, StandInTheEnvironmentToo) {
  const ScopedEnvironment environment({{"PIPELINE_PACKAGE_JOBS", "5"}, {"PIPELINE_PACKAGE_COMPRESSION", "none"}});
  EXPECT_EQ(parse_package({"a"}).options.jobs, 5U);
  EXPECT_EQ(parse_package({"a"}).options.compression, Compression::none);
  EXPECT_EQ(parse_package({"a", "--jobs", "6"}).options.jobs, 6U);
}

TEST(PackageOptions, OfTheQueue) {
  const auto package = parse_package({"--from-queue", "--posts", "all"});
  EXPECT_TRUE(package.from_queue);
  EXPECT_EQ(package.posts_dir, "all");
}

TEST(PackageOptions, PostsAreNamedOrFoundByTheQueue) {
  EXPECT_THAT(package_error({}), HasSubstr("POST: is required"));
  EXPECT_THAT(package_error({"a", "--from-queue", "--posts", "b"}), HasSubstr("POST: stands with --from-queue"));
  EXPECT_THAT(package_error({"a", "--posts", "b"}), HasSubstr("--posts: goes with --from-queue"));
}

TEST(PackageOptions, ValuesOutOfBoundsAreNamed) {
  EXPECT_THAT(package_error({"a", "--jobs", "0"}), HasSubstr("--jobs"));
  EXPECT_THAT(package_error({"a", "--keyframes", "-1"}), HasSubstr("--keyframes"));
  EXPECT_THAT(package_error({"a", "--compression", "zip"}), HasSubstr("--compression"));
  EXPECT_THAT(package_error({"a", "--video-timeout", "soon"}), HasSubstr("--video-timeout"));
  for (const std::string ratio : {"1.1", "-0.1", "half", "nan"})
    EXPECT_THAT(package_error({"a", "--max-duplicate-ratio", ratio}), HasSubstr("--max-duplicate-ratio")) << ratio;
}

}  // namespace
}  // namespace pipeline::cli
