#include "pipeline/base/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

namespace pipeline {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Range {
  char32_t first;
  char32_t last;
};
bool is_in(std::span<const Range> ranges, char32_t character) noexcept {
  return std::ranges::any_of(ranges, [&](Range range) { return character >= range.first && character <= range.last; });
}

// Beyond ASCII. Unicode: White_Space, and of Default_Ignorable_Code_Point what stands beside a text and not within a
// character.
constexpr std::array<Range, 14> kBlanks{{{0x85, 0x85},
                                         {0xA0, 0xA0},
                                         {0xAD, 0xAD},
                                         {0x115F, 0x1160},
                                         {0x1680, 0x1680},
                                         {0x180E, 0x180E},
                                         {0x2000, 0x200F},
                                         {0x2028, 0x202F},
                                         {0x205F, 0x206F},
                                         {0x2800, 0x2800},
                                         {0x3000, 0x3000},
                                         {0x3164, 0x3164},
                                         {0xFEFF, 0xFEFF},
                                         {0xFFA0, 0xFFA0}}};

// The last character's place; the text is not empty.
std::size_t last_character(std::string_view text) noexcept {
  std::size_t at = text.size() - 1;
  while (at > 0 && text.size() - at < 4 && is_continuation(text[at])) --at;
  return at;
}

// What is CJK without being wide, or stands below all that is wide and no emoji: Hangul letters, pointed brackets,
// half-width forms, the won sign.
constexpr std::array<Range, 8> kNarrowCjk{{{0x1100, 0x11FF},
                                           {0x20A9, 0x20A9},
                                           {0x2329, 0x232A},
                                           {0x302E, 0x302F},
                                           {0x3131, 0x318E},
                                           {0xD7B0, 0xD7FB},
                                           {0xFF61, 0xFFDC},
                                           {0xFFE8, 0xFFEE}}};

struct FreeMemory {
  void operator()(void* memory) const noexcept { std::free(memory); }
};

std::string mapped(std::string_view text, int how) {
  utf8proc_uint8_t* result = nullptr;
  const auto size =
      ::utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &result, static_cast<utf8proc_option_t>(how));
  const std::unique_ptr<utf8proc_uint8_t, FreeMemory> owned(result);
  if (size < 0) return std::string(text);  // not UTF-8
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

}  // namespace

char32_t take_character(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  utf8proc_int32_t character = lead;
  const auto size = lead < 0x80 ? 1
                                : ::utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                     static_cast<utf8proc_ssize_t>(text.size()), &character);
  text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 1);
  return size > 0 ? static_cast<char32_t>(character) : kReplacement;
}

std::u32string to_characters(std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  while (!text.empty()) characters.push_back(take_character(text));
  return characters;
}

std::size_t count_characters(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return !is_continuation(c); }));
}

void append_utf8(char32_t character, std::string& out) {
  std::array<utf8proc_uint8_t, 4> bytes;
  const auto size = ::utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

bool is_html_character(char32_t character) noexcept {
  if (character < 0x20) return character == '\t' || character == '\n';
  if (character >= 0x7F && character <= 0x9F) return false;
  return (character < 0xFDD0 || character > 0xFDEF) && (character & 0xFFFEU) != 0xFFFE;
}

bool is_blank(char32_t character) noexcept {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  return is_in(kBlanks, character);
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_blank(take_character(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    const std::size_t at = last_character(text);
    std::string_view last = text.substr(at);
    if (!is_blank(take_character(last))) break;
    text = text.substr(0, at);
  }
  return text;
}

std::string to_nfc(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

bool is_punctuation(char32_t character) noexcept {
  const auto category = ::utf8proc_category(static_cast<utf8proc_int32_t>(character));
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

bool is_symbol(char32_t character) noexcept {
  const auto category = ::utf8proc_category(static_cast<utf8proc_int32_t>(character));
  return category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO;
}

bool is_cjk(char32_t character) noexcept {
  if (is_in(kNarrowCjk, character)) return true;
  const bool emoji = character < 0x2E80 || (character >= 0x1F000 && character < 0x20000);
  return !emoji && ::utf8proc_charwidth(static_cast<utf8proc_int32_t>(character)) == 2;
}

std::string to_half_width(std::string_view text) {
  constexpr char32_t kFullWidth = 0xFF01;  // of !, and so on to ~
  constexpr char32_t kLastFullWidth = 0xFF5E;
  constexpr char32_t kWideSpace = 0x3000;
  constexpr char32_t kWideWon = 0xFFE6;
  std::string out;
  for (char32_t character : to_characters(text)) {
    if (character >= kFullWidth && character <= kLastFullWidth) character -= kFullWidth - U'!';
    if (character == kWideSpace) character = U' ';
    if (character == kWideWon) character = U'₩';
    append_utf8(character, out);
  }
  return out;
}

}  // namespace pipeline
