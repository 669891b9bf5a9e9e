#include "words.h"

#include "pipeline/base/characters.h"

#include <algorithm>
#include <utility>

namespace pipeline::package {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Marks that say nothing when they are read aloud: arrows to dingbats, CJK punctuation, private use, what is invisible,
// emoji.
constexpr Range kSymbols[] = {{0x80, 0xA0},     {0xAD, 0xAD},       {0x2000, 0x206F}, {0x2190, 0x2BFF},
                              {0x3000, 0x303F}, {0xD800, 0xF8FF},   {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
                              {0xFFF0, 0xFFFF}, {0x1F000, 0x10FFFF}};
constexpr std::u32string_view kInWords =
    U"+-.%&'/~";  // 500ml, A/S, 1.5L, 3+1: of ASCII punctuation these belong to a word

bool is_word_character(char32_t c) noexcept {
  if (c < 0x80)
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kInWords.find(c) != std::u32string_view::npos;
  return std::ranges::none_of(kSymbols, [&](Range range) { return c >= range.first && c <= range.last; });
}

bool has_letter(const std::u32string& word) noexcept {
  return std::ranges::any_of(word, [](char32_t c) { return kInWords.find(c) == std::u32string_view::npos; });
}

std::u32string lower(std::u32string text) {
  for (char32_t& c : text)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return text;
}

std::vector<std::u32string> split(std::string_view text) {
  std::vector<std::u32string> words;
  std::u32string word;
  const auto end_word = [&] {
    if (has_letter(word)) words.push_back(std::move(word));
    word.clear();
  };
  for (const char32_t c : to_characters(text)) {
    if (is_word_character(c)) {
      word.push_back(c);
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

}  // namespace

std::vector<std::u32string> words_of(std::string_view text) {
  auto words = split(text);
  for (std::u32string& word : words) word = lower(std::move(word));
  return words;
}

std::string plain_name(std::string_view text, std::size_t longest) {
  std::vector<std::u32string> seen;
  std::u32string name;
  for (const std::u32string& word : split(text)) {
    if (std::ranges::find(seen, lower(word)) != seen.end()) continue;
    seen.push_back(lower(word));
    if (name.empty()) {
      name = word.substr(0, longest);
    } else if (name.size() + 1 + word.size() <= longest) {
      name += U' ' + word;
    } else {
      break;
    }
  }
  std::string out;
  for (const char32_t c : name) append_utf8(c, out);
  return out;
}

}  // namespace pipeline::package
