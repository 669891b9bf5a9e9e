#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/runs.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// The nights of the last weeks, and how each command got through them: by the table `runs`, which knows of a run that
// was killed, too.
namespace pipeline::status {

// What became of a command in a night.
enum class NightState {
  none,        // nothing is noted, and nothing need be
  ran,         // all done, maybe over budget
  ran_again,   // a run failed, and a later one got through
  partly,      // done in part
  failed,      // as the last run ended
  stopped,     // killed, or interrupted by a signal
  put_off,     // to be tried later
  unfinished,  // has not noted its end: it runs still, or was killed and no run has come since to say so
  missing,     // a command of every night that did not run
};

struct CalendarRun {
  WallTime started_at{};
  NightState state = NightState::none;
};

struct CalendarNight {
  std::chrono::sys_days day{};  // in Korea, of the morning after
  NightState state = NightState::none;
  std::vector<CalendarRun> runs;  // the first of them come first; at most kRunsOfANight, the last
  std::size_t more_runs = 0;      // beside these
};

struct CommandCalendar {
  std::string command;
  std::vector<CalendarNight> nights;  // without a gap, the oldest first
};

// How many changes came into the queue in a night, by what its runs say.
struct QueuedInNight {
  std::chrono::sys_days day{};
  std::int64_t entries = 0;
};

struct Calendar {
  std::vector<CommandCalendar> commands;  // in the order of a night
  std::vector<QueuedInNight> queued;      // each night
};

inline constexpr std::size_t kRunsOfANight = 4;
// A run that began so long ago and has not noted its end does not run any more.
inline constexpr std::chrono::hours kLongestRun{24};

// A night ends at six in the evening in Korea: what runs later belongs to the next morning.
[[nodiscard]] std::chrono::sys_days night_of(WallTime time);

// `runs`: of that time, the latest first (Runs::since). The weeks begin on Mondays; the last is this one, which ends
// with this night. At most kCommands commands, those of most runs.
inline constexpr std::size_t kCommands = 8;
[[nodiscard]] Calendar make_calendar(std::span<const store::RunRow> runs, WallTime now, int weeks);
// Since when make_calendar() has to know the runs.
[[nodiscard]] WallTime calendar_begin(WallTime now, int weeks);

}  // namespace pipeline::status
