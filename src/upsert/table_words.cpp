#include "table_words.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace pipeline::upsert {
namespace {

bool begins_with(std::string_view cell, std::string_view word) {
  return equal_ignoring_case(cell.substr(0, word.size()), word);
}

// Without white space and colons, which people put between the letters: 합  계:
std::string without_gaps(std::string_view cell) {
  std::string text;
  for (const char32_t c : to_characters(to_nfc(cell)))
    if (!is_blank(c) && c != U':') append_utf8(c, text);
  return text;
}

// 총 12건, 총3개: how many rows there were.
bool is_count_of_rows(std::string_view text) {
  constexpr std::string_view kAll = "총";
  constexpr std::array<std::string_view, 6> kUnits{"건", "개", "종", "행", "품목", "개상품"};
  if (!text.starts_with(kAll)) return false;
  const std::size_t end = text.find_first_not_of("0123456789,", kAll.size());
  return end != kAll.size() && end != std::string_view::npos &&
         std::ranges::find(kUnits, text.substr(end)) != kUnits.end();
}

}  // namespace

bool is_example(std::string_view key) {
  constexpr std::array<std::string_view, 5> kBegins{"예시", "예)", "(예", "예:", "example"};
  return std::ranges::any_of(kBegins, [&](std::string_view word) { return begins_with(key, word); });
}

bool guides_author(std::string_view cell) {
  constexpr std::array<std::string_view, 15> kBegins{"필수",  "선택",  "조건부", "작성",     "입력",
                                                     "설명",  "안내",  "※",      "*필수",    "[필수",
                                                     "(필수", "[선택", "(선택",  "required", "optional"};
  constexpr std::array<std::string_view, 11> kContains{"입력하", "입력해", "입력 가능", "작성하", "작성해", "기재",
                                                       "주세요", "하세요", "자 이내",   "참고하", "선택하"};
  return is_example(cell) ||
         std::ranges::any_of(kBegins, [&](std::string_view word) { return begins_with(cell, word); }) ||
         std::ranges::any_of(kContains,
                             [&](std::string_view word) { return cell.find(word) != std::string_view::npos; });
}

bool is_word_of_sum(std::string_view cell) {
  constexpr std::size_t kLongest = 40;
  constexpr std::array<std::string_view, 6> kEnglish{"Total", "Totals", "Grand Total", "Subtotal", "Sub Total", "Sum"};
  constexpr std::array<std::string_view, 9> kKorean{"합계", "총계", "총합계", "총합", "소계",
                                                    "누계", "평균", "요약",   "계"};
  const auto is = [](std::string_view text) {
    return [text](std::string_view word) { return equal_ignoring_case(word, text); };
  };
  if (cell.size() > kLongest) return false;
  if (is_ascii(cell))
    return std::ranges::any_of(kEnglish, is(cell.ends_with(':') ? cell.substr(0, cell.size() - 1) : cell));
  const std::string text = without_gaps(cell);
  return is_count_of_rows(text) || std::ranges::any_of(kKorean, is(text));
}

bool is_sentence(std::string_view cell) {
  constexpr std::array<std::string_view, 11> kBegins{"※",   "☞",        "▶",   "■",  "*", "주)",
                                                     "주:", "이하여백", "끝.", "# ", "//"};
  const std::string_view text = trim_blanks(cell);
  const bool is_marked = std::ranges::any_of(kBegins, [&](std::string_view mark) { return text.starts_with(mark); });
  if (is_marked || text == "끝" || (text.starts_with('(') && text.ends_with(')'))) return true;
  const auto gaps = std::ranges::count(text, ' ');
  const auto is_hangul = [](char32_t c) { return c >= U'가' && c <= U'힣'; };
  return gaps > 1 || (gaps > 0 && std::ranges::any_of(to_characters(text), is_hangul));
}

bool is_line_of_frame(const CsvRecord& cells) {
  bool has_dash = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].find_first_not_of("-=:+| \t") != std::string_view::npos) return false;
    has_dash |= cells[i].find_first_of("-=") != std::string_view::npos;
  }
  return has_dash;
}

}  // namespace pipeline::upsert
