#include "program.h"

#include <gtest/gtest.h>

#include <chrono>

namespace pipeline::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Program, GivesItsOutput) {
  EXPECT_EQ(output_of("printf 'one\\ntwo\\n'", hours(1)), "one\ntwo\n");
  EXPECT_EQ(output_of("true", hours(1)), "");
  EXPECT_EQ(output_of("cat", hours(1)), "") << "nothing to read";
}

TEST(Program, MoreThanAPipeHolds) {
  const auto output = output_of("head -c 1000000 /dev/zero", hours(1));
  ASSERT_TRUE(output);
  EXPECT_EQ(output->size(), 1'000'000U);
}

TEST(Program, OneThatFailsOrIsNotThereGivesNothing) {
  EXPECT_EQ(output_of("false", hours(1)), std::nullopt);
  EXPECT_EQ(output_of("no-such-program-of-ours", hours(1)), std::nullopt);
}

// That this ends is what is shown.
TEST(Program, OneThatHangsIsEnded) {
  EXPECT_EQ(output_of("sleep 3600", milliseconds(20)), std::nullopt);
}

}  // namespace
}  // namespace pipeline::cli
