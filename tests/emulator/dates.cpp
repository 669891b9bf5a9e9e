#include "emulator/dates.h"

#include <fmt/core.h>

#include <array>
#include <charconv>

namespace pipeline::emulator {

namespace {

constexpr std::chrono::hours kKst{9};  // Korea keeps no summer time

struct Broken {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

Broken break_down(WallTime time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  return {midnight, std::chrono::hh_mm_ss(time - midnight)};
}

int number(std::chrono::year year) {
  return static_cast<int>(year);
}
template <typename T>
unsigned number(T part) {
  return static_cast<unsigned>(part);
}

}  // namespace

std::string format_kst(WallTime time) {
  const auto [day, clock] = break_down(time + kKst);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+09:00", number(day.year()), number(day.month()),
                     number(day.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string format_http_date(WallTime time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto [day, clock] = break_down(time);
  const std::chrono::weekday weekday{std::chrono::sys_days(day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday.c_encoding()], number(day.day()),
                     kMonths[number(day.month()) - 1], number(day.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto digits = [&](std::size_t from, std::size_t count) {
    unsigned value = 0;
    const char* const end = text.data() + from + count;
    const auto [stop, error] = std::from_chars(text.data() + from, end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
  };
  const auto year = digits(0, 4);
  const auto month = digits(5, 2);
  const auto day = digits(8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  return date.ok() ? std::optional(date) : std::nullopt;
}

std::chrono::year_month_day kst_day(WallTime time) {
  return break_down(time + kKst).day;
}

}  // namespace pipeline::emulator
