#include "pipeline/base/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>

namespace pipeline {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// Takes the character at the front of the text, which is not empty.
char32_t take_character(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC0 || lead > 0xF7 || text.size() < more) return kReplacement;
  char32_t character = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if (!is_continuation(text.front())) return kReplacement;
    character = (character << 6U) | (static_cast<unsigned char>(text.front()) & 0x3FU);
    text.remove_prefix(1);
  }
  return character;
}

struct Range {
  char32_t first;
  char32_t last;
};
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

std::u32string to_characters(std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  while (!text.empty()) characters.push_back(take_character(text));
  return characters;
}

void append_utf8(char32_t character, std::string& out) {
  const auto piece = [&](unsigned shift) { return static_cast<char>(0x80U | ((character >> shift) & 0x3FU)); };
  if (character < 0x80) {
    out += static_cast<char>(character);
  } else if (character < 0x800) {
    out += {static_cast<char>(0xC0U | (character >> 6U)), piece(0)};
  } else if (character < 0x10000) {
    out += {static_cast<char>(0xE0U | (character >> 12U)), piece(6), piece(0)};
  } else {
    out += {static_cast<char>(0xF0U | (character >> 18U)), piece(12), piece(6), piece(0)};
  }
}

bool is_html_character(char32_t character) noexcept {
  if (character < 0x20) return character == '\t' || character == '\n';
  if (character >= 0x7F && character <= 0x9F) return false;
  return (character < 0xFDD0 || character > 0xFDEF) && (character & 0xFFFEU) != 0xFFFE;
}

bool is_blank(char32_t character) noexcept {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  return std::ranges::any_of(kBlanks, [&](Range range) { return character >= range.first && character <= range.last; });
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
  if (std::ranges::any_of(kNarrowCjk, [&](Range range) { return character >= range.first && character <= range.last; }))
    return true;
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
