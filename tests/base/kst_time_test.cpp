#include "pipeline/base/kst_time.h"

#include <gtest/gtest.h>

namespace pipeline {
namespace {

TEST(KstTime, IsNineHoursAhead) {
  const WallTime time = WallTime(std::chrono::milliseconds(1'795'385'780'064));  // 2026-11-22T22:16:20.064Z
  EXPECT_EQ(format_kst_time(time), "07:16:20 KST");
  EXPECT_EQ(format_kst(time), "2026-11-23 07:16:20 KST");
}

}  // namespace
}  // namespace pipeline
