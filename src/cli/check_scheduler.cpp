#include "check_scheduler.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/kst_time.h"
#include "pipeline/status/status.h"

#include "cron.h"
#include "program.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::cli {
namespace {

using State = Finding::State;

constexpr const char* kTimer = "pipeline-night.timer";
constexpr std::chrono::milliseconds kSchedulerPatience{600};  // for each program that is asked
constexpr std::chrono::days kLookBack{30};
constexpr std::string_view kSchedule =
    "let systemd (`systemctl enable --now pipeline-night.timer`) or a line of cron's run it each night";

// `Name=value`, a line each.
std::map<std::string, std::string, std::less<>> properties(std::string_view text) {
  std::map<std::string, std::string, std::less<>> found;
  while (!text.empty()) {
    std::string_view value = take_until(text, '\n');
    const std::string_view name = take_until(value, '=');
    found.emplace(name, value);
  }
  return found;
}

// Of the system's timer or the user's; absent where systemd does not run, or knows no such timer.
std::optional<Finding> timer(bool is_users) {
  const auto text =
      output_of(fmt::format("systemctl {}show {} -p LoadState,ActiveState,SubState,NextElapseUSecRealtime",
                            is_users ? "--user " : "", kTimer),
                kSchedulerPatience);
  if (!text) return std::nullopt;
  auto values = properties(*text);
  if (values["LoadState"] != "loaded") return std::nullopt;
  const std::string name = is_users ? fmt::format("{} (--user)", kTimer) : kTimer;
  const std::string next = values["NextElapseUSecRealtime"];
  if (values["ActiveState"] != "active")
    return Finding{"scheduler", State::warning, name, "the timer is installed, but not started",
                   fmt::format("systemctl {}enable --now {}", is_users ? "--user " : "", kTimer)};
  if (values["SubState"] == "running")  // systemd reckons the next time when what it has started has ended
    return Finding{"scheduler", State::ok, name, "it has started the night that is at work now"};
  if (next.empty() || next == "n/a")
    return Finding{"scheduler", State::warning, name, "the timer is started, but has no next time",
                   fmt::format("look at OnCalendar: `systemctl {}cat {}`", is_users ? "--user " : "", kTimer)};
  return Finding{"scheduler", State::ok, name, fmt::format("the next night comes at {}", next)};
}

std::vector<CronLine> cron_lines() {
  std::vector<CronLine> lines;
  if (const auto own = output_of("crontab -l", kSchedulerPatience)) lines = nights_in(*own, "crontab -l");
  for (CronLine& line : nights_in_folder("/etc/cron.d")) lines.push_back(std::move(line));
  return lines;
}

Finding by_cron(const CronLine& line, WallTime now) {
  const auto next = next_time(line.times, now);
  if (!next)
    return {"scheduler", State::ok, line.place, fmt::format("cron runs the night at the times `{}`", line.times)};
  return {
      "scheduler", State::ok, line.place,
      fmt::format("cron runs the night at the times `{}`: the next one comes at {}", line.times, format_kst(*next))};
}

bool went_wrong(const store::RunRow& run) {
  return run.status != "OK" && run.status != "PARTIAL" && run.status != "OVER_BUDGET";
}

std::string told(const store::RunRow& run) {
  return fmt::format("{} of {} ended as {}", run.command, format_kst(run.started_at), run.status);
}

}  // namespace

Findings check_scheduler(WallTime now) {
  for (const bool is_users : {false, true})
    if (auto found = timer(is_users)) return {std::move(*found)};
  Findings findings;
  for (const CronLine& line : cron_lines()) findings.push_back(by_cron(line, now));
  if (findings.empty())
    findings.push_back({"scheduler", State::warning, "",
                        "neither a timer of systemd's nor a line of cron's runs the night, as far as this user may see",
                        std::string(kSchedule)});
  return findings;
}

Findings check_last_night(store::Runs& runs, WallTime now, bool at_work) {
  const auto rows = runs.since(now - kLookBack);  // the latest first
  const auto last = std::ranges::find_if(
      rows, [](const store::RunRow& run) { return run.command == "sync" || run.command == "night"; });
  if (last == rows.end())
    return {{"last-night", State::ok, "", "no night has run in the last thirty days: the next one is the first"}};
  if (last->status == "RUNNING" && at_work)
    return {{"last-night", State::ok, last->run_id,
             fmt::format("{} is at work since {}", last->command, format_kst(last->started_at))}};
  if (last->status == "RUNNING")
    return {{"last-night", State::warning, last->run_id,
             fmt::format("{} of {} was killed: it has noted no end", last->command, format_kst(last->started_at)),
             "look into its log; what it had committed is there, and the next run goes on from it"}};
  if (went_wrong(*last))
    return {{"last-night", State::warning, last->run_id, told(*last),
             "`pipeline status` tells what is to be done; the run's log says why"}};
  if (now - last->started_at > status::kNightMissing)
    return {{"last-night", State::warning, last->run_id, fmt::format("{}, and none has run since", told(*last)),
             "look why the schedule does not start it: `systemctl status pipeline-night`, or cron's mail"}};
  return {{"last-night", State::ok, last->run_id, told(*last)}};
}

}  // namespace pipeline::cli
