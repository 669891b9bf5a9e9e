#include "pipeline/report/iso_week.h"

#include "pipeline/base/text.h"

#include <gtest/gtest.h>

namespace pipeline::report {
namespace {

std::string name_of(const std::string& time) {
  return week_name(week_of(parse_utc(time).value()));
}

TEST(IsoWeek, AYearBeginsWithItsFirstThursday) {
  EXPECT_EQ(name_of("2026-11-23T00:00:00Z"), "2026-W48");
  EXPECT_EQ(name_of("2026-11-22T23:59:59.999Z"), "2026-W47");
  EXPECT_EQ(name_of("2026-12-31T12:00:00Z"), "2026-W53");
  EXPECT_EQ(name_of("2027-01-03T23:59:59Z"), "2026-W53");
  EXPECT_EQ(name_of("2027-01-04T00:00:00Z"), "2027-W01");
  EXPECT_EQ(name_of("2024-12-30T00:00:00Z"), "2025-W01");
  EXPECT_EQ(name_of("2025-12-29T00:00:00Z"), "2026-W01");
  EXPECT_EQ(name_of("2021-01-03T00:00:00Z"), "2020-W53");
  EXPECT_EQ(name_of("2024-02-29T00:00:00Z"), "2024-W09");
}

TEST(IsoWeek, BeginsOnMonday) {
  using namespace std::chrono;
  const sys_days monday = 2026y / November / 23;
  for (int day = 0; day < 7; ++day) EXPECT_EQ(week_of(WallTime(monday + days(day) + 5h)), monday);
  EXPECT_EQ(week_of(WallTime(monday + days(7))), monday + days(7));
}

}  // namespace
}  // namespace pipeline::report
