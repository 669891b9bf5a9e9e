#include "number_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace pipeline::sheet {
namespace {

using Kind = NumberFormat::Kind;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

Kind kind_of(bool date, bool time) noexcept {
  return date && time ? Kind::date_time : date ? Kind::date : time ? Kind::time : Kind::number;
}

// Those that every program knows without their code, Korean and other Asian ones among them.
NumberFormat of_program(int id) noexcept {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return {Kind::date, 0};
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
    return {Kind::time, 0};
  if (id == 22) return {Kind::date_time, 0};
  return {};
}

// Its first part, which is for numbers above zero, without what is shown as it is.
std::string letters_of(std::string_view code) {
  std::string letters;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '"') {
      i = std::min(code.find('"', i + 1), code.size() - 1);
    } else if (code[i] == '\\' || code[i] == '_' || code[i] == '*') {
      ++i;
    } else if (code[i] == '[') {  // a colour, a language, a condition; [h] is hours beyond a day
      const std::size_t end = std::min(code.find(']', i), code.size() - 1);
      const std::string_view within = code.substr(i + 1, end - i - 1);
      const bool elapsed = !within.empty() && within.size() <= 2 &&
                           std::string_view("hms").find(lower(within[0])) != within.npos &&
                           lower(within[0]) == lower(within.back());
      if (elapsed) letters += lower(within[0]);
      i = end;
    } else {
      letters += lower(code[i]);
    }
  }
  return letters;
}

// Of a format of nothing but zeros and words: its first part with a NUL byte for each zero. Empty: it has more.
std::string zeros_and_words(std::string_view code) {
  constexpr std::string_view kSigns = " -+/():!^&'~{}<>=$";  // shown as they are, without quotes
  std::string text;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '"') {
      const std::size_t end = code.find('"', i + 1);
      if (end == std::string_view::npos) return {};
      text += code.substr(i + 1, end - i - 1);
      i = end;
    } else if (code[i] == '\\' && i + 1 < code.size()) {
      text += code[++i];
    } else if (code[i] == '_' || code[i] == '*') {
      ++i;
    } else if (code[i] == '[') {
      i = std::min(code.find(']', i), code.size() - 1);
    } else if (code[i] == '0') {
      text += '\0';
    } else if (kSigns.find(code[i]) != std::string_view::npos || static_cast<unsigned char>(code[i]) >= 0x80) {
      text += code[i];
    } else {
      return {};
    }
  }
  return text;
}

}  // namespace

NumberFormat number_format(int id, std::string_view code) {
  if (code.empty()) return of_program(id);
  const std::string letters = letters_of(code);
  const auto has = [&](std::string_view any) { return letters.find_first_of(any) != std::string::npos; };
  if (!has("0#?.e") || has("y")) {
    const bool time = has("hs");
    const bool date = has("yd") || (has("m") && !time);
    if (letters.find("general") == std::string::npos && (date || time)) return {kind_of(date, time), 0};
  }
  constexpr std::size_t kMostDigits = 20;
  std::string around = zeros_and_words(code);
  const auto zeros = static_cast<std::size_t>(std::ranges::count(around, '\0'));
  if (zeros < 2 || zeros > kMostDigits) return {};
  if (zeros == around.size()) around.clear();
  return {Kind::zeros, static_cast<std::uint8_t>(zeros), std::move(around)};
}

std::string zeros_text(std::string_view number, const NumberFormat& format) {
  const bool is_whole = number.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_whole) return std::string(number);
  std::string digits(format.digits - std::min<std::size_t>(format.digits, number.size()), '0');
  digits += number;
  if (format.around.empty()) return digits;
  std::string text;
  std::size_t taken = 0;
  for (const char c : format.around) {
    if (c != '\0') {
      text += c;
      continue;
    }
    // The first zero has all the digits that are too many.
    const std::size_t size = taken == 0 ? digits.size() - format.digits + 1 : 1;
    text.append(digits, taken, size);
    taken += size;
  }
  return text;
}

std::string date_text(std::string_view number, Kind kind, bool from_1904) {
  constexpr double kEndOf9999 = 2'958'466;
  constexpr int kSecondsOfDay = 86'400;
  double serial = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), serial);
  if (error != std::errc() || end != number.data() + number.size() || !(serial >= 0) || serial >= kEndOf9999)
    return std::string(number);
  const double days = std::floor(serial);
  auto day = static_cast<int>(days);
  auto seconds = static_cast<int>(std::lround((serial - days) * kSecondsOfDay));
  if (seconds == kSecondsOfDay) {
    ++day;
    seconds = 0;
  }
  const std::string time = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (kind == Kind::time && day == 0) return time;
  // 1900 was no leap year, but for Lotus 1-2-3, whose days are counted to this day.
  constexpr int kFirstOfMarch = 61;
  using std::chrono::sys_days;
  using std::chrono::year;
  const sys_days first =
      from_1904 ? sys_days(year(1904) / 1 / 1) : sys_days(year(1899) / 12 / (day < kFirstOfMarch ? 31 : 30));
  const std::chrono::year_month_day date(first + std::chrono::days(day));
  std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (seconds != 0 || kind == Kind::date_time) text += " " + time;
  return text;
}

}  // namespace pipeline::sheet
