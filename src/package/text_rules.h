#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What a text of an author must keep to. Each objection is a predicate to put behind the place; empty: none.
namespace pipeline::package {

// Neither empty nor nothing but white space; no control characters but tabs and line breaks.
[[nodiscard]] std::string text_objection(std::string_view text);
// The same on one line.
[[nodiscard]] std::string line_objection(std::string_view text);

[[nodiscard]] bool is_blank(std::string_view text) noexcept;

// Line and column (in characters), both from 1, of a byte.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};
[[nodiscard]] Position position_of(std::string_view text, std::size_t byte) noexcept;
// `line 3, column 5`
[[nodiscard]] std::string describe(const Position& position);

// Where the bytes stop being UTF-8. All of them: nowhere.
[[nodiscard]] std::size_t utf8_prefix(std::string_view bytes) noexcept;
// Of the bytes of a file name, those that are no UTF-8 as \xNN.
[[nodiscard]] std::string displayed(std::string_view name);

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace pipeline::package
