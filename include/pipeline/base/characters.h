#pragma once

#include <string>
#include <string_view>

namespace pipeline {

// UTF-8 as code points and back; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::u32string to_characters(std::string_view text);
void append_utf8(char32_t character, std::string& out);

// Whether HTML may hold the character: no control but tab and line feed, no noncharacter (HTML, 13.1 "Writing HTML
// documents": Text).
[[nodiscard]] bool is_html_character(char32_t character) noexcept;

// Unicode's white space, and what takes no room beside a text: zero-width characters, marks of direction, byte order
// marks, Hangul fillers.
[[nodiscard]] bool is_blank(char32_t character) noexcept;
// The text, in UTF-8, without such characters around it.
[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;

// Unicode's normal form C of a text in UTF-8: one spelling of what looks the same. By libutf8proc.
[[nodiscard]] std::string to_nfc(std::string_view text);
// The same for comparing: without the difference between upper and lower case.
[[nodiscard]] std::string fold_case(std::string_view text);

// Of Unicode's category P, and of its category S: currency signs, arrows, emoji.
[[nodiscard]] bool is_punctuation(char32_t character) noexcept;
[[nodiscard]] bool is_symbol(char32_t character) noexcept;
// Chinese, Japanese or Korean, their punctuation too: East Asian Width W, F or H without emoji, or Hangul.
[[nodiscard]] bool is_cjk(char32_t character) noexcept;

// Full-width letters, digits, signs and spaces, as an input method for Korean may leave them, as ASCII.
[[nodiscard]] std::string to_half_width(std::string_view text);

}  // namespace pipeline
