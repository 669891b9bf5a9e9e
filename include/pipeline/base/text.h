#pragma once

#include "pipeline/base/clock.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline {

// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
// Bytes of the well-formed UTF-8 character a text begins with; 0 when it begins with none.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

// Columns a terminal needs for the text: East Asian wide characters and emoji take two (by wcwidth of a UTF-8 locale).
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

// At most `columns` wide, cut at a character with `…` in its place.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t columns);

// Lines of cells as a table, two spaces between columns: `l` and `r` in `sides` tell on which side a column's text
// stands. Every line has as many cells as the first.
[[nodiscard]] std::string align_columns(const std::vector<std::vector<std::string>>& lines, std::string_view sides);

[[nodiscard]] std::string format_count(std::uint64_t n);  // 12,345
[[nodiscard]] std::string format_count(std::signed_integral auto n) {
  const auto size = static_cast<std::uint64_t>(n);
  return n < 0 ? "-" + format_count(0 - size) : format_count(size);
}
[[nodiscard]] std::string format_duration(double seconds);   // 87 µs, 12.3 ms, 4.56 s, 2 m 05 s, 1 h 12 m
[[nodiscard]] std::string format_time_left(double seconds);  // in whole seconds, rounded up: 34 s, 2 m 05 s, 1 h 12 m
[[nodiscard]] std::string format_utc(WallTime time);         // 2026-11-22T22:16:20.064Z
[[nodiscard]] std::string format_kst_date(WallTime time);    // 2026-11-23

// What format_utc writes, with or without the milliseconds.
[[nodiscard]] std::optional<WallTime> parse_utc(std::string_view text);

// RFC 9110 HTTP-date in any of its three forms; the preferred one is `Sun, 22 Nov 2026 22:16:20 GMT`.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text);

// A day `yyyy-MM-dd` that exists in the calendar.
[[nodiscard]] bool is_date(std::string_view text);

// Appends the text as a JSON string literal, quotes included (RFC 8259, section 7).
void append_json_string(std::string_view text, std::string& out);

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;                // ASCII
[[nodiscard]] bool is_one_of(std::string_view name, std::span<const std::string_view> names) noexcept;  // likewise

}  // namespace pipeline
