#include "pipeline/status/calendar.h"

#include "pipeline/status/status.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace pipeline::status {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;

constexpr hours kKst{9};
constexpr hours kEvening{6};  // of a day that are the next night's
constexpr std::size_t kRegularNights = 3;

// An upsert that finds nothing to change leaves no row, so a night without one says nothing.
constexpr std::array<std::string_view, 1> kLeavesNoRow{"upsert"};
constexpr std::array<std::string_view, 3> kOrder{"sync", "upsert", "package"};

NightState state_of(const store::RunRow& run, WallTime now) {
  if (run.status == "OK" || run.status == "OVER_BUDGET") return NightState::ran;
  if (run.status == "PARTIAL") return NightState::partly;
  if (run.status == "KILLED" || run.status == "INTERRUPTED") return NightState::stopped;
  if (run.status == "TRY_LATER") return NightState::put_off;
  if (run.status == "RUNNING") return now - run.started_at > kLongestRun ? NightState::stopped : NightState::unfinished;
  return NightState::failed;
}

bool got_through(NightState state) {
  return state == NightState::ran || state == NightState::partly;
}

// What a night has come to when one more run of it is known.
NightState after(NightState before, NightState now) {
  const bool again = before != NightState::none && (!got_through(before) || before == NightState::ran_again);
  return now == NightState::ran && again ? NightState::ran_again : now;
}

// Whether it ran on most nights between the first and the last that are known.
bool is_nightly(const CommandCalendar& calendar) {
  if (std::ranges::find(kLeavesNoRow, calendar.command) != kLeavesNoRow.end()) return false;
  const auto has_run = [](const CalendarNight& night) { return !night.runs.empty(); };
  const auto first = std::ranges::find_if(calendar.nights, has_run);
  if (first == calendar.nights.end()) return false;
  const auto last = std::find_if(calendar.nights.rbegin(), calendar.nights.rend(), has_run).base();
  const auto ran = static_cast<std::size_t>(std::count_if(first, last, has_run));
  return ran >= kRegularNights && 10 * ran >= 6 * static_cast<std::size_t>(last - first);
}

// Those between the first run and now. This night may still come.
void mark_missing(CommandCalendar& calendar, WallTime now) {
  if (!is_nightly(calendar)) return;
  bool began = false;
  WallTime last{};
  for (CalendarNight& night : calendar.nights) {
    if (!night.runs.empty()) {
      began = true;
      last = night.runs.back().started_at;
    } else if (began && (night.day < night_of(now) || now - last > kNightMissing)) {
      night.state = NightState::missing;
    }
  }
}

void add(CalendarNight& night, const store::RunRow& run, WallTime now) {
  const NightState state = state_of(run, now);
  night.state = after(night.state, state);
  night.runs.push_back({run.started_at, state});
  if (night.runs.size() <= kRunsOfANight) return;
  night.runs.erase(night.runs.begin());
  ++night.more_runs;
}

std::int64_t enqueued(const store::RunRow& run) {
  const auto counts = nlohmann::json::parse(run.counts_json, nullptr, false);
  const auto found = counts.is_object() ? counts.find("enqueued") : counts.end();
  return counts.is_object() && found != counts.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// Those of most runs, in the order of a night.
std::vector<std::string> commands_of(std::span<const store::RunRow> runs) {
  std::map<std::string, std::size_t> counts;
  for (const store::RunRow& run : runs) ++counts[run.command];
  std::vector<std::pair<std::string, std::size_t>> all(counts.begin(), counts.end());
  std::ranges::stable_sort(all, std::greater<>(), &std::pair<std::string, std::size_t>::second);
  if (all.size() > kCommands) all.resize(kCommands);
  std::vector<std::string> names;
  for (auto& [name, count] : all) names.push_back(std::move(name));
  std::ranges::sort(names);
  std::ranges::stable_sort(names, {},
                           [](const std::string& name) { return std::ranges::find(kOrder, name) - kOrder.begin(); });
  return names;
}

sys_days first_day(WallTime now, int weeks) {
  const sys_days last = night_of(now);
  const std::chrono::weekday weekday(last);
  return last - (weekday - std::chrono::Monday) - days(7 * (weeks - 1));
}

}  // namespace

sys_days night_of(WallTime time) {
  return std::chrono::floor<days>(time + kKst + kEvening);
}

WallTime calendar_begin(WallTime now, int weeks) {
  return WallTime(first_day(now, weeks)) - kKst - kEvening;
}

Calendar make_calendar(std::span<const store::RunRow> runs, WallTime now, int weeks) {
  Calendar calendar;
  const sys_days first = first_day(now, weeks);
  const sys_days last = night_of(now);
  for (sys_days day = first; day <= last; day += days(1)) calendar.queued.push_back({day, 0});
  for (std::string& name : commands_of(runs)) {
    CommandCalendar& command = calendar.commands.emplace_back(CommandCalendar{std::move(name), {}});
    for (sys_days day = first; day <= last; day += days(1)) command.nights.push_back({.day = day, .runs = {}});
  }
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    const sys_days day = night_of(run->started_at);
    if (day < first || day > last) continue;  // a clock that was wrong
    const auto at = static_cast<std::size_t>((day - first).count());
    calendar.queued[at].entries += enqueued(*run);
    const auto command = std::ranges::find(calendar.commands, run->command, &CommandCalendar::command);
    if (command != calendar.commands.end()) add(command->nights[at], *run, now);
  }
  for (CommandCalendar& command : calendar.commands) mark_missing(command, now);
  return calendar;
}

}  // namespace pipeline::status
