#include "pipeline/base/spelling.h"

#include <gtest/gtest.h>

#include <array>

namespace pipeline {
namespace {

TEST(Spelling, CountsTheLettersThatDiffer) {
  EXPECT_EQ(spelling_distance("sync", "sync", 3), 0U);
  EXPECT_EQ(spelling_distance("sync", "SYNC", 3), 0U);
  EXPECT_EQ(spelling_distance("snyc", "sync", 3), 1U);       // swapped
  EXPECT_EQ(spelling_distance("wokers", "workers", 3), 1U);  // left out
  EXPECT_EQ(spelling_distance("worrkers", "workers", 3), 1U);
  EXPECT_EQ(spelling_distance("warkers", "workers", 3), 1U);
  EXPECT_EQ(spelling_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(spelling_distance("", "abc", 3), 3U);
  EXPECT_EQ(spelling_distance("abc", "", 3), 3U);
}

TEST(Spelling, EndsAtTheLimit) {
  EXPECT_EQ(spelling_distance("kitten", "sitting", 2), std::nullopt);
  EXPECT_EQ(spelling_distance("", "abc", 2), std::nullopt);
  EXPECT_EQ(spelling_distance(std::string(1'000'000, 'a'), std::string(1'000'000, 'a'), 3), std::nullopt);
}

TEST(Spelling, FindsTheNearestName) {
  const std::array<std::string, 5> commands{"sync", "upsert", "package", "queue", "report"};
  EXPECT_EQ(nearest_name("snyc", commands), "sync");
  EXPECT_EQ(nearest_name("pakcage", commands), "package");
  EXPECT_EQ(nearest_name("que", commands), "queue");
  EXPECT_EQ(nearest_name("q", commands), "");
  EXPECT_EQ(nearest_name("list", commands), "");
  EXPECT_EQ(nearest_name("", commands), "");
  EXPECT_EQ(nearest_name("reprot", {}), "");
}

TEST(Spelling, ABeginningIsEnoughAndTheShortestCounts) {
  const std::array<std::string, 3> options{"--batch-size", "--batch-size-limit", "--base-url"};
  EXPECT_EQ(nearest_name("--batch", options), "--batch-size");
}

TEST(Spelling, OfTwoTheNearerCountsAndOfEqualsTheFirst) {
  const std::array<std::string, 3> names{"abcdef", "abcxyz", "abcxyy"};
  EXPECT_EQ(nearest_name("abcxyz", names), "abcxyz");
  EXPECT_EQ(nearest_name("abcxy", names), "abcxyz");
}

TEST(Spelling, AsksInWords) {
  const std::array<std::string, 2> names{"json", "csv"};
  EXPECT_EQ(did_you_mean("jsno", names), ": did you mean json?");
  EXPECT_EQ(did_you_mean("xml", names), "");
}

}  // namespace
}  // namespace pipeline
