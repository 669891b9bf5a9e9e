#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline {

// UTF-8 as code points and back; each byte that is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::u32string to_characters(std::string_view text);
// The one at the front of the text, which is not empty; takes it out.
char32_t take_character(std::string_view& text) noexcept;
// Whether the byte goes on with a character that another one began.
[[nodiscard]] constexpr bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}
[[nodiscard]] std::size_t count_characters(std::string_view utf8) noexcept;
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
