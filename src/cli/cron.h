#pragma once

#include "pipeline/base/clock.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What cron is told to do (crontab(5)).
namespace pipeline::cli {

struct CronLine {
  std::string times;  // `0 2 * * *`, `@daily`
  std::string place;  // the file, or `crontab -l`
};

// The lines that run a night of this program: those that name it with `night` or `sync`. `place`: of all of them.
[[nodiscard]] std::vector<CronLine> nights_in(std::string_view crontab, const std::string& place);
// Of all files in a folder like /etc/cron.d.
[[nodiscard]] std::vector<CronLine> nights_in_folder(const std::filesystem::path& folder);

// When these times come next after `now`, within eight days, on this machine's clock. Absent when they don't, or are
// written in a way that is not understood (names of days, @reboot).
[[nodiscard]] std::optional<WallTime> next_time(std::string_view times, WallTime now);

}  // namespace pipeline::cli
