#include "pipeline/base/text.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"

#include <fmt/core.h>
#include <locale.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <cwchar>

namespace pipeline {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr hours kKst(9);

// Of the character that it takes out of the text.
std::size_t take_columns(std::string_view& text) noexcept {
  const int width = ::wcwidth(static_cast<wchar_t>(take_character(text)));
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

// wcwidth() answers by the thread's locale, and programs start in "C"; a borrowed UTF-8 locale for the scope.
class Utf8Locale {
 public:
  Utf8Locale() noexcept : outer_(::uselocale(utf8())) {}
  ~Utf8Locale() { ::uselocale(outer_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t utf8() noexcept {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  locale_t outer_;
};

struct Fields {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<milliseconds> time;
};

Fields fields_of(WallTime time) {
  const auto day = std::chrono::floor<days>(time);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<milliseconds>(time - day)};
}

std::string format_date(std::chrono::year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t digits) {
  return text[from] == '-' ? std::nullopt : parse_number<int>(text.substr(from, digits));
}

// Of `yyyy-MM-dd`, a day that there is.
std::optional<std::chrono::year_month_day> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional(date) : std::nullopt;
}

// Whether none of the eight bytes needs an escape in a JSON string: each test leaves the top bit of a byte that does
// (S. E. Anderson, Bit Twiddling Hacks, "Determine if a word has a byte less than n").
constexpr std::size_t kWord = 8;
bool is_plain(const char* bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = kOnes * 0x80;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kWord);
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  const std::uint64_t control = (word - kOnes * 0x20) & ~word;
  return ((control | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) & kTops) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  std::string_view rest = text;
  (void)take_character(rest);
  const std::size_t bytes = text.size() - rest.size();
  return bytes > 1 || static_cast<unsigned char>(text.front()) < 0x80 ? bytes : 0;
}

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  constexpr std::size_t kStep = 4 * sizeof(std::uint64_t);
  std::size_t at = 0;
  for (; at + kStep <= text.size(); at += kStep) {
    std::uint64_t words[4];
    std::memcpy(words, text.data() + at, kStep);
    if (((words[0] | words[1] | words[2] | words[3]) & kHigh) != 0) return false;
  }
  return std::ranges::all_of(text.substr(at), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t display_width(std::string_view text) noexcept {
  const Utf8Locale utf8;
  std::size_t width = 0;
  while (!text.empty()) width += take_columns(text);
  return width;
}

std::string shorten(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  const Utf8Locale utf8;
  std::string_view rest = text;
  std::string_view shown;
  for (std::size_t used = 1 + take_columns(rest); used <= columns; used += take_columns(rest))  // one is the ellipsis
    shown = text.substr(0, text.size() - rest.size());
  return std::string(shown) + "…";
}

std::string align_columns(const std::vector<std::vector<std::string>>& lines, std::string_view sides) {
  std::vector<std::size_t> widths(sides.size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < sides.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < sides.size(); ++i) {
      const std::size_t padding = widths[i] - display_width(line[i]);
      if (i > 0) text.append(2, ' ');
      if (sides[i] == 'r') text.append(padding, ' ');
      text += line[i];
      if (sides[i] == 'l') text.append(padding, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string format_count(std::uint64_t n) {
  std::string digits = fmt::format("{}", n);
  for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4)
    digits.insert(digits.size() - from_end, 1, ',');
  return digits;
}

std::string format_duration(double seconds) {
  if (seconds < 0.0009995) return fmt::format("{:.0f} µs", seconds * 1e6);
  if (seconds < 0.09995) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.995) return fmt::format("{:.2f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} m {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} m", whole / 3600, whole / 60 % 60);
}

std::string format_time_left(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  return whole < 60 ? fmt::format("{} s", whole) : format_duration(static_cast<double>(whole));
}

std::string format_utc(WallTime time) {
  const auto [date, clock] = fields_of(time);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", format_date(date), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count(), clock.subseconds().count());
}
std::string format_kst_date(WallTime time) {
  return format_date(fields_of(time + kKst).date);
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  static const locale_t c_locale = ::newlocale(LC_TIME_MASK, "C", nullptr);
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm fields{};
    const std::string copy(text);
    const char* end = ::strptime_l(copy.c_str(), form, &fields, c_locale);
    if (end == nullptr || *end != '\0') continue;
    const std::chrono::year_month_day date(std::chrono::year(fields.tm_year + 1900),
                                           std::chrono::month(static_cast<unsigned>(fields.tm_mon + 1)),
                                           std::chrono::day(static_cast<unsigned>(fields.tm_mday)));
    if (!date.ok()) return std::nullopt;
    return WallTime(std::chrono::sys_days(date) + hours(fields.tm_hour) + std::chrono::minutes(fields.tm_min) +
                    std::chrono::seconds(fields.tm_sec));
  }
  return std::nullopt;
}

std::optional<WallTime> parse_utc(std::string_view text) {
  // 2026-11-22T22:16:20.064Z
  const bool has_millis = text.size() == 24 && text[19] == '.';
  if (!has_millis && text.size() != 20) return std::nullopt;
  const auto date = date_of(text.substr(0, 10));
  if (!date || text[10] != 'T' || text[13] != ':' || text[16] != ':' || !text.ends_with('Z')) return std::nullopt;
  const auto hour = number_at(text, 11, 2);
  const auto minute = number_at(text, 14, 2);
  const auto second = number_at(text, 17, 2);
  const auto millis = has_millis ? number_at(text, 20, 3) : 0;
  if (!hour || !minute || !second || !millis || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return WallTime(std::chrono::sys_days(*date) + hours(*hour) + std::chrono::minutes(*minute) +
                  std::chrono::seconds(*second) + std::chrono::milliseconds(*millis));
}

bool is_date(std::string_view text) {
  return date_of(text).has_value();
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(
      a, b, {}, [](char c) { return to_lower(c); }, [](char c) { return to_lower(c); });
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) noexcept {
  return std::ranges::any_of(names, [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

void append_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  std::size_t copied = 0;  // what needs no escape is appended in one piece: most of a description
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (text.size() - i > kWord && is_plain(text.data() + i)) i += kWord;
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out.append(text, copied, std::string_view::npos);
  out.push_back('"');
}

}  // namespace pipeline
