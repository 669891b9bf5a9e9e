#include "cron.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>

namespace pipeline::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

constexpr WallTime kNow = sys_days(year(2026) / 11 / 27) + 23h + 40min + 5s;  // a Friday, in UTC

class CronTest : public ::testing::Test {
 protected:
  CronTest() { zone("UTC"); }
  ~CronTest() override {
    ::unsetenv("TZ");
    ::tzset();
  }
  static void zone(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  static void expect(std::string_view times, std::optional<WallTime> next) {
    EXPECT_EQ(next_time(times, kNow), next) << times;
  }
  static WallTime at(int day, int hour, int minute) {
    return sys_days(year(2026) / 11 / 1) + std::chrono::days(day - 1) + std::chrono::hours(hour) +
           std::chrono::minutes(minute);
  }
};

TEST_F(CronTest, FindsTheNextTime) {
  expect("30 2 * * *", at(28, 2, 30));
  expect("50 23 * * *", at(27, 23, 50));
  expect("40 23 * * *", at(28, 23, 40));  // this minute has begun
  expect("*/15 * * * *", at(27, 23, 45));
  expect("0 2-4/2 * * 1-5", at(30, 2, 0));
  expect("0 3 * * 0", at(29, 3, 0));
  expect("0 3 * * 7", at(29, 3, 0));
  expect("0 3 1,15 12 *", at(31, 3, 0));  // the 1st of December
  expect("@daily", at(28, 0, 0));
  expect("0 5 29 * 6", at(28, 5, 0));  // either day will do
}

TEST_F(CronTest, SaysNothingOfWhatItDoesNotUnderstand) {
  for (const char* times : {"0 2 * * MON", "@reboot", "61 2 * * *", "0 2 * *", "x", "", "0 2 1 1 *", "*/0 * * * *"})
    expect(times, std::nullopt);
}

TEST_F(CronTest, GoesByTheMachinesClock) {
  zone("KST-9");  // 08:40 on Saturday there
  expect("0 9 * * 6", at(28, 0, 0));
}

TEST_F(CronTest, FindsTheLinesThatRunNights) {
  const auto lines = nights_in(
      "# pipeline sync by hand: 1 2 3 4 5\nPATH=/usr/bin:/opt/pipeline/sync\n\n0 2 * * *  pipeline sync --quiet\n"
      "15\t3 * * 1 shop /usr/bin/pipeline night --all\n@daily pipeline night\n0 4 * * * pipeline report html\n"
      "0 5 * * * other sync",
      "here");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].times, "0 2 * * *");
  EXPECT_EQ(lines[1].times, "15 3 * * 1");
  EXPECT_EQ(lines[2].times, "@daily");
  EXPECT_EQ(lines[2].place, "here");
}

TEST_F(CronTest, ReadsAFolderOfThem) {
  const test::TempDir dir;
  std::ofstream(dir / "pipeline") << "0 2 * * * shop pipeline night\n";
  std::ofstream(dir / "other") << "0 2 * * * root updatedb\n";
  const auto lines = nights_in_folder(dir.path());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].place, (dir / "pipeline").string());
  EXPECT_TRUE(nights_in_folder(dir / "none").empty());
}

}  // namespace
}  // namespace pipeline::cli
