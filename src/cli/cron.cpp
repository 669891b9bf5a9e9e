#include "cron.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <chrono>
#include <ctime>
#include <system_error>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

using Values = std::bitset<64>;
constexpr std::size_t kFields = 5;  // minute, hour, day of the month, month, day of the week

struct Bounds {
  int low;
  int high;
};
constexpr std::array<Bounds, kFields> kBounds{{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}};

struct Times {
  std::array<Values, kFields> values;
  bool any_day = true;      // of the month
  bool any_weekday = true;  // where both are named, either will do
};

std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

// `*`, `5`, `1-5`, each also with `/2` behind.
bool add_range(std::string_view text, Bounds bounds, Values& values) {
  const std::string_view range = take_until(text, '/');
  const auto step = text.empty() ? std::optional(1) : parse_number<int>(text);
  std::string_view high = range;
  const std::string_view low = take_until(high, '-');
  const bool is_any = range == "*";
  const auto from = is_any ? std::optional(bounds.low) : parse_number<int>(low);
  const auto to = is_any ? std::optional(bounds.high) : high.empty() ? from : parse_number<int>(high);
  if (!step || !from || !to || *step < 1 || *from < bounds.low || *to > bounds.high) return false;
  for (int value = *from; value <= *to; value += *step) values.set(static_cast<std::size_t>(value));
  return true;
}

bool read_field(std::string_view text, Bounds bounds, Values& values) {
  if (text.empty()) return false;
  while (!text.empty())
    if (!add_range(take_until(text, ','), bounds, values)) return false;
  return true;
}

std::string_view spelt_out(std::string_view times) {
  constexpr std::array<std::array<std::string_view, 2>, 5> kNames{{{"@hourly", "0 * * * *"},
                                                                   {"@daily", "0 0 * * *"},
                                                                   {"@midnight", "0 0 * * *"},
                                                                   {"@weekly", "0 0 * * 0"},
                                                                   {"@monthly", "0 0 1 * *"}}};
  for (const auto& [name, meaning] : kNames)
    if (times == name) return meaning;
  return times;
}

std::optional<Times> read_times(std::string_view text) {
  Times times;
  text = spelt_out(text);
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::string_view field = take_word(text);
    if (!read_field(field, kBounds[i], times.values[i])) return std::nullopt;
    if (i == 2) times.any_day = field.starts_with('*');
    if (i == 4) times.any_weekday = field.starts_with('*');
  }
  if (times.values[4][7]) times.values[4].set(0);  // both are Sunday
  return times;
}

bool is_its_day(const Times& times, const std::tm& day) {
  const auto at = [](int value) { return static_cast<std::size_t>(value); };
  if (!times.values[3][at(day.tm_mon + 1)]) return false;
  const bool by_month = times.values[2][at(day.tm_mday)];
  const bool by_week = times.values[4][at(day.tm_wday)];
  return times.any_day || times.any_weekday ? by_month && by_week : by_month || by_week;
}

bool is_night(std::string_view command) {
  return command.find("pipeline") != command.npos &&
         (command.find("night") != command.npos || command.find("sync") != command.npos);
}

}  // namespace

std::vector<CronLine> nights_in(std::string_view crontab, const std::string& place) {
  std::vector<CronLine> lines;
  while (!crontab.empty()) {
    std::string_view line = trim(take_until(crontab, '\n'));
    if (line.empty() || !(is_digit(line.front()) || line.front() == '*' || line.front() == '@')) continue;
    std::string times(take_word(line));
    for (std::size_t i = 1; i < kFields && !times.starts_with('@'); ++i) times += ' ' + std::string(take_word(line));
    if (is_night(line)) lines.push_back({std::move(times), place});
  }
  return lines;
}

std::vector<CronLine> nights_in_folder(const fs::path& folder) {
  std::vector<CronLine> lines;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    try {
      for (CronLine& line : nights_in(read_file(entry->path()), entry->path().string()))
        lines.push_back(std::move(line));
    } catch (const Error&) {  // not for this user to read
    }
  }
  std::ranges::sort(lines, {}, &CronLine::place);
  return lines;
}

std::optional<WallTime> next_time(std::string_view text, WallTime now) {
  using std::chrono::minutes;
  const auto times = read_times(text);
  if (!times) return std::nullopt;
  const auto first = std::chrono::floor<minutes>(now) + minutes(1);
  const auto end = first + std::chrono::days(8);
  for (auto at = first; at < end; at += minutes(1)) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    const bool is_its_time = times->values[1][static_cast<std::size_t>(local.tm_hour)] &&
                             times->values[0][static_cast<std::size_t>(local.tm_min)];
    if (is_its_time && is_its_day(*times, local)) return WallTime(at);
  }
  return std::nullopt;
}

}  // namespace pipeline::cli
