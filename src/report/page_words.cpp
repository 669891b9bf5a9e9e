#include "page_words.h"

#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include <array>
#include <chrono>
#include <cmath>

namespace pipeline::report::page {
namespace {

constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::array<std::string_view, 2>, 7> kWeekdays{{{"일요일", "Sunday"},
                                                                    {"월요일", "Monday"},
                                                                    {"화요일", "Tuesday"},
                                                                    {"수요일", "Wednesday"},
                                                                    {"목요일", "Thursday"},
                                                                    {"금요일", "Friday"},
                                                                    {"토요일", "Saturday"}}};
constexpr std::size_t kLongestName = 160;  // columns

// A day of the calendar in numbers.
struct Date {
  explicit Date(std::chrono::sys_days at)
      : date(at),
        year(static_cast<int>(date.year())),
        month(static_cast<unsigned>(date.month())),
        day(static_cast<unsigned>(date.day())) {}

  std::chrono::year_month_day date;
  int year;
  unsigned month;
  unsigned day;
};

}  // namespace

Both same(std::string_view text) {
  return {std::string(text), std::string(text)};
}

Both joined(const Both& a, std::string_view between, const Both& b) {
  return {fmt::format("{}{}{}", a.ko, between, b.ko), fmt::format("{}{}{}", a.en, between, b.en)};
}

Both duration(double seconds) {
  if (seconds < 59.995) return same(format_duration(seconds));
  const auto whole = std::llround(seconds);
  return whole < 3600 ? say(text("minutes"), whole / 60, whole % 60)
                      : say(text("hours"), whole / 3600, whole / 60 % 60);
}

Both round_duration(double seconds) {
  const auto whole = std::llround(seconds);
  if (whole >= 3600 && whole % 3600 == 0) return say(text("whole_hours"), whole / 3600);
  if (whole >= 60 && whole < 3600 && whole % 60 == 0) return say(text("whole_minutes"), whole / 60);
  if (seconds >= 59.995) return duration(seconds);
  if (seconds >= 0.9995) return same(fmt::format("{:.4g} s", seconds));
  if (seconds >= 0.0009995) return same(fmt::format("{:.4g} ms", seconds * 1e3));
  return same(seconds == 0 ? "0" : fmt::format("{:.4g} µs", seconds * 1e6));
}

std::string percent(double share) {
  const double value = share * 100;
  if (value > 0 && value < 0.05) return "<0.1%";
  return value < 9.95 ? fmt::format("{:.1f}%", value) : fmt::format("{:.0f}%", value);
}

std::string to_second(WallTime time) {
  auto text = format_utc(time + kKst).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string moment(WallTime time) {
  return to_second(time).substr(0, 16);
}

std::chrono::sys_days day_of(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time + kKst);
}

Both long_date(WallTime time) {
  const Date date(day_of(time));
  return {fmt::format("{}년 {}월 {}일", date.year, date.month, date.day),
          fmt::format("{} {} {}", date.day, kMonths[date.month - 1], date.year)};
}

Both short_date(std::chrono::sys_days day) {
  const Date date(day);
  return {fmt::format("{}월 {}일", date.month, date.day),
          fmt::format("{} {}", date.day, std::string_view(kMonths[date.month - 1]).substr(0, 3))};
}

Both long_day(std::chrono::sys_days day) {
  const Date date(day);
  const auto& weekday = kWeekdays[std::chrono::weekday(day).c_encoding()];
  return {fmt::format("{}년 {}월 {}일 {}", date.year, date.month, date.day, weekday[0]),
          fmt::format("{}, {} {} {}", weekday[1], date.day, kMonths[date.month - 1], date.year)};
}

std::string clock_time(WallTime time) {
  return moment(time).substr(11);
}

Both stage_title(std::string_view metric) {
  const Text* known = find_text(kStages, metric);
  return known == nullptr ? same(metric) : say(*known);
}

Both command_title(std::string_view command) {
  const bool known = command == "sync" || command == "upsert" || command == "package";
  return known ? say(*find_text(kTexts, command)) : same(command);
}

Both rule_title(std::string_view name) {
  const Text* known = find_text(kRules, name);
  return known == nullptr ? same(name) : say(*known);
}

}  // namespace pipeline::report::page

namespace pipeline::report {

std::string rule_in_korean(std::string_view name) {
  return page::rule_title(name).ko;
}

}  // namespace pipeline::report

namespace pipeline::report::page {

std::string outside(std::string_view name) {
  return name.empty() ? "–" : "<bdi>" + html_of(shorten(name, kLongestName)) + "</bdi>";
}

std::string html(const Both& words) {
  if (words.ko == words.en) return html_of(words.en);
  return fmt::format(R"(<span lang="ko">{}</span><span lang="en">{}</span>)", html_of(words.ko), html_of(words.en));
}

}  // namespace pipeline::report::page
