#include "pipeline/base/characters.h"

#include <cstddef>

namespace pipeline {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Unicode, 3.12: syllables are laid out by lead, vowel and tail.
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kBeforeTails = 0x11A7;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTailCount = 28;  // no tail is one of them

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

// The syllable of the one before and the one that follows, or 0.
char32_t joined(char32_t before, char32_t next) noexcept {
  const char32_t lead = before - kLeads;
  const char32_t vowel = next - kVowels;
  if (lead < kLeadCount && vowel < kVowelCount) return kSyllables + (lead * kVowelCount + vowel) * kTailCount;
  const char32_t syllable = before - kSyllables;
  const char32_t tail = next - kBeforeTails;
  const bool open = syllable < kLeadCount * kVowelCount * kTailCount && syllable % kTailCount == 0;
  return open && tail > 0 && tail < kTailCount ? before + tail : 0;
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

std::string compose_hangul(std::string_view text) {
  std::u32string composed;
  for (const char32_t character : to_characters(text)) {
    const char32_t syllable = composed.empty() ? 0 : joined(composed.back(), character);
    if (syllable == 0) {
      composed.push_back(character);
    } else {
      composed.back() = syllable;
    }
  }
  std::string out;
  for (const char32_t character : composed) append_utf8(character, out);
  return out;
}

}  // namespace pipeline
