#include "pipeline/status/calendar.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::status {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Friday, 27 November 2026, 09:00 in Korea.
constexpr WallTime kMorning = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);
constexpr hours kThree{-6};  // 03:00 of the same morning

class StatusCalendar : public ::testing::Test {
 protected:
  // So many nights ago, at 03:00.
  void run(const std::string& command, int nights_ago, const std::string& status, hours later = hours(0),
           const std::string& counts = "") {
    runs_.push_back({.run_id = fmt::format("r{}", runs_.size()),
                     .command = command,
                     .status = status,
                     .exit_code = {},
                     .started_at = kMorning + kThree - days(nights_ago) + later,
                     .ended_at = {},
                     .counts_json = counts});
  }
  [[nodiscard]] Calendar calendar(WallTime now = kMorning, int weeks = 2) {
    std::ranges::sort(runs_, std::greater<>(), &store::RunRow::started_at);
    return make_calendar(runs_, now, weeks);
  }
  [[nodiscard]] static NightState state(const Calendar& calendar, int nights_ago, std::size_t command = 0) {
    return std::prev(calendar.commands.at(command).nights.end(), nights_ago + 1)->state;
  }

  std::vector<store::RunRow> runs_;
};

TEST_F(StatusCalendar, ANightEndsInTheEvening) {
  const auto day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);
  EXPECT_EQ(night_of(kMorning), day);
  EXPECT_EQ(night_of(kMorning + hours(9) - std::chrono::milliseconds(1)), day) << "17:59";
  EXPECT_EQ(night_of(kMorning + hours(9)), day + days(1)) << "18:00";
  EXPECT_EQ(night_of(kMorning + hours(15)), day + days(1)) << "midnight";
}

TEST_F(StatusCalendar, HasWholeWeeksUpToThisNight) {
  run("sync", 0, "OK");
  const auto nights = calendar().commands.at(0).nights;
  ASSERT_THAT(nights, SizeIs(12)) << "of two weeks the last ends on Friday";
  EXPECT_EQ(std::chrono::weekday(nights.front().day), std::chrono::Monday);
  EXPECT_EQ(nights.back().day, night_of(kMorning));
  EXPECT_EQ(night_of(calendar_begin(kMorning, 2)), nights.front().day);
  EXPECT_EQ(night_of(calendar_begin(kMorning, 2) - std::chrono::milliseconds(1)), nights.front().day - days(1));
}

TEST_F(StatusCalendar, TellsHowARunEnded) {
  const std::vector<std::pair<std::string, NightState>> ends{{"OK", NightState::ran},
                                                             {"OVER_BUDGET", NightState::ran},
                                                             {"PARTIAL", NightState::partly},
                                                             {"FAILED", NightState::failed},
                                                             {"KILLED", NightState::stopped},
                                                             {"INTERRUPTED", NightState::stopped},
                                                             {"TRY_LATER", NightState::put_off},
                                                             {"RUNNING", NightState::unfinished}};
  for (const auto& [status, expected] : ends) {
    runs_.clear();
    run("sync", 0, status);
    EXPECT_EQ(state(calendar(), 0), expected) << status;
  }
}

// Who is killed at night and not followed by another run still says RUNNING.
TEST_F(StatusCalendar, ARunThatBeganLongAgoDoesNotRunAnyMore) {
  run("sync", 1, "RUNNING");
  EXPECT_EQ(state(calendar(), 1), NightState::stopped);
}

TEST_F(StatusCalendar, TheLastRunOfANightCounts) {
  run("sync", 0, "FAILED");
  run("sync", 0, "OK", hours(2));
  run("package", 0, "OK");
  run("package", 0, "KILLED", hours(1));
  const Calendar found = calendar();
  EXPECT_EQ(state(found, 0, 0), NightState::ran_again);
  EXPECT_EQ(state(found, 0, 1), NightState::stopped);
  EXPECT_THAT(found.commands[0].nights.back().runs, SizeIs(2));
}

TEST_F(StatusCalendar, KeepsTheLastRunsOfABusyNight) {
  for (int i = 0; i < 10; ++i) run("sync", 0, i == 9 ? "FAILED" : "OK", hours(i));
  const CalendarNight night = calendar().commands.at(0).nights.back();
  EXPECT_THAT(night.runs, SizeIs(kRunsOfANight));
  EXPECT_EQ(night.more_runs, 10 - kRunsOfANight);
  EXPECT_EQ(night.runs.back().state, NightState::failed);
}

TEST_F(StatusCalendar, ACommandOfEveryNightIsMissed) {
  for (const int ago : {9, 8, 7, 5, 3, 2}) run("sync", ago, "OK");
  const Calendar found = calendar();
  EXPECT_EQ(state(found, 10), NightState::none) << "it had not begun";
  EXPECT_EQ(state(found, 6), NightState::missing);
  EXPECT_EQ(state(found, 1), NightState::missing);
  EXPECT_EQ(state(found, 0), NightState::missing) << "more than 36 hours";
}

TEST_F(StatusCalendar, ThisNightMayStillCome) {
  for (const int ago : {4, 3, 2, 1}) run("sync", ago, "OK");
  EXPECT_EQ(state(calendar(), 0), NightState::none);
}

TEST_F(StatusCalendar, ACommandByHandIsNotMissed) {
  for (const int ago : {10, 6, 1}) run("package", ago, "OK");
  const Calendar found = calendar();
  EXPECT_THAT(found.commands.at(0).nights,
              Each(testing::Field(&CalendarNight::state, testing::Ne(NightState::missing))));
}

// One that finds nothing to change leaves no row.
TEST_F(StatusCalendar, AnUpsertIsNotMissed) {
  for (const int ago : {10, 9, 8, 7}) run("upsert", ago, "OK");
  EXPECT_EQ(state(calendar(), 5), NightState::none);
}

TEST_F(StatusCalendar, StandsInTheOrderOfANight) {
  for (const char* command : {"package", "zebra", "sync", "upsert", "alpha"}) run(command, 0, "OK");
  std::vector<std::string> names;
  for (const auto& command : calendar().commands) names.push_back(command.command);
  EXPECT_THAT(names, ElementsAre("sync", "upsert", "package", "alpha", "zebra"));
}

TEST_F(StatusCalendar, HasAtMostSoManyCommands) {
  for (int i = 0; i < 30; ++i) run(fmt::format("c{:02}", i), 0, "OK");
  run("c29", 1, "OK");
  const Calendar found = calendar();
  ASSERT_THAT(found.commands, SizeIs(kCommands));
  EXPECT_EQ(found.commands.back().command, "c29") << "those of most runs";
}

TEST_F(StatusCalendar, AddsUpWhatWasQueued) {
  run("sync", 1, "OK", hours(0), R"({"enqueued":7})");
  run("upsert", 1, "OK", hours(1), R"({"enqueued":5,"rows":9})");
  run("package", 1, "OK", hours(2), R"({"built":3})");
  run("sync", 0, "KILLED");
  run("sync", 2, "OK", hours(0), "no JSON");
  run("sync", 3, "OK", hours(0), R"({"enqueued":"many"})");
  const auto queued = calendar().queued;
  ASSERT_THAT(queued, SizeIs(12));
  EXPECT_EQ(queued[10].entries, 12);
  EXPECT_EQ(queued[11].entries, 0);
  EXPECT_EQ(queued[9].entries + queued[8].entries, 0);
}

TEST_F(StatusCalendar, OfAClockThatWasWrongIsLeftOut) {
  run("sync", -3, "OK");
  run("sync", 40, "OK");
  const Calendar found = calendar();
  EXPECT_THAT(found.commands.at(0).nights, Each(testing::Field(&CalendarNight::runs, IsEmpty())));
}

}  // namespace
}  // namespace pipeline::status
