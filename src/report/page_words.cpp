#include "page_words.h"

#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include <array>
#include <chrono>
#include <cmath>

namespace pipeline::report::page {
namespace {

std::chrono::year_month_day day_of(WallTime time) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time + kKst));
}

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

Both long_date(WallTime time) {
  constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                               "July",    "August",   "September", "October", "November", "December"};
  const auto date = day_of(time);
  const int year = static_cast<int>(date.year());
  const unsigned month = static_cast<unsigned>(date.month());
  const unsigned day = static_cast<unsigned>(date.day());
  return {fmt::format("{}년 {}월 {}일", year, month, day), fmt::format("{} {} {}", day, kMonths[month - 1], year)};
}

Both stage_title(std::string_view metric) {
  const Text* known = find_text(kStages, metric);
  return known == nullptr ? same(metric) : say(*known);
}

Both command_title(std::string_view command) {
  const bool known = command == "sync" || command == "upsert" || command == "package";
  return known ? say(*find_text(kTexts, command)) : same(command);
}

std::string html(const Both& words) {
  if (words.ko == words.en) return html_of(words.en);
  return fmt::format(R"(<span lang="ko">{}</span><span lang="en">{}</span>)", html_of(words.ko), html_of(words.en));
}

}  // namespace pipeline::report::page
