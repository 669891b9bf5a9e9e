#include "code.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/excerpt.h"

#include "digits.h"
#include "spreadsheet.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace pipeline::upsert {
namespace {

using sheet::excerpt;

constexpr std::size_t kCodeShown = 40;
constexpr std::size_t kLongestCode = 300;  // bytes; a shop takes 50 letters

// What is_plain_code() asks of each byte.
enum ByteKind : std::uint8_t { kOrdinary = 0, kLetterOrDigit = 1, kExponent = 2, kOdd = 4, kDash = 8 };

constexpr std::array<std::uint8_t, 256> kByteKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (int c = 0; c < 256; ++c) {
    const bool letter_or_digit = is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
    const bool ordinary = letter_or_digit || c == '-' || c == '_' || c == '/' || c == ':';
    kinds[static_cast<std::size_t>(c)] =
        static_cast<std::uint8_t>((letter_or_digit ? kLetterOrDigit : 0) | (c == 'e' || c == 'E' ? kExponent : 0) |
                                  (ordinary ? 0 : kOdd) | (c == '-' ? kDash : 0));
  }
  return kinds;
}();

// What programs write where they have no value.
bool is_missing_value(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 13> kMissing{"nan",  "null",     "none",     "undefined", "n/a",
                                                      "<na>", "nil",      "(null)",   "NaT",       "없음",
                                                      "미정", "해당없음", "해당 없음"};
  return std::ranges::any_of(kMissing, [&](std::string_view missing) { return equal_ignoring_case(missing, text); });
}

// The longest of them that has no odd byte, and their first letters.
constexpr std::size_t kLongestMissing = 9;
constexpr std::string_view kMissingBegin = "nNuU";

// 02-Jan: the longest date without an odd byte.
constexpr std::size_t kLongestDate = 6;

bool has_letter_or_digit(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) {
    return (kByteKinds[static_cast<unsigned char>(c)] & kLetterOrDigit) != 0 || static_cast<unsigned char>(c) >= 0x80;
  });
}

// Of a code that is there; empty: it can be seen whole.
std::string unseen_fault(std::string_view key) {
  constexpr char32_t kReplacement = 0xFFFD;
  for (const char32_t c : to_characters(key)) {
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return "has a control character";
    if (c == kReplacement)
      return fmt::format("is `{}`: a character of it was lost in a conversion", excerpt(key, kCodeShown));
    if (c != U' ' && c != 0xA0 && c != 0x3000 && is_blank(c))
      return fmt::format("has an invisible character (U+{:04X}) in it; type it anew", static_cast<std::uint32_t>(c));
  }
  return {};
}

std::string digits_are_gone(std::string_view text) {
  return fmt::format(
      "is `{}`, a number whose digits a spreadsheet has cut off; format the column as text, enter the codes again and "
      "save",
      text);
}

}  // namespace

bool is_plain_code(std::string_view text) noexcept {
  std::uint8_t kinds = 0;
  for (const char c : text) kinds |= kByteKinds[static_cast<unsigned char>(c)];
  if ((kinds & (kLetterOrDigit | kOdd)) != kLetterOrDigit) return false;
  if ((kinds & kExponent) != 0 && is_digit(text.front())) return false;
  if (text.size() > kLongestCode || text.starts_with("Err:")) return false;
  if ((kinds & kDash) != 0 && text.size() <= kLongestDate && is_date_of_code(text)) return false;
  return text.size() > kLongestMissing || kMissingBegin.find(text.front()) == std::string_view::npos;
}

std::string read_code(std::string_view text, std::string& code) {
  const std::string_view kept = trim_blanks(kept_text(trim_blanks(text)));
  const std::string shown = excerpt(kept, kCodeShown);
  if (is_error_value(kept)) return fmt::format("is `{}`, an error of a spreadsheet; mend it there", shown);
  if (kept.starts_with('='))
    return fmt::format("is `{}`, a formula that was not reckoned; save the file with values", shown);
  const std::string half_width = to_half_width(kept);
  if (is_scientific(half_width)) return digits_are_gone(shown);
  if (is_date_of_code(half_width))
    return fmt::format(
        "is `{}`, a date that a spreadsheet has made of a code; format the column as text, enter the codes again and "
        "save",
        shown);
  if (const auto digits = digits_of_whole_number(half_width, Spaces::none)) {
    // Only a floating point number has a fraction of zeros, and those are exact up to 2^53.
    constexpr std::uint64_t kExact = 1ULL << 53U;
    const bool was_real = half_width.find('.') != std::string::npos;
    if (const auto number = to_number(*digits); was_real && (!number || *number > kExact))
      return fmt::format("is `{}`, a floating point number of more digits than such a one keeps; write it as text",
                         shown);
    code = *digits;
  } else {
    code = is_ascii(kept) ? std::string(kept) : to_nfc(kept);
  }
  return {};
}

std::string read_key(std::string_view text, std::string& code) {
  if (std::string fault = read_code(text, code); !fault.empty()) return fault;
  if (code.empty()) return "is empty";
  if (is_missing_value(code))
    return fmt::format("is `{}`, what a program writes where there is no value; write the product's key", code);
  if (code.size() > kLongestCode)
    return fmt::format("is `{}`, longer than a key may be ({} bytes); is a separator or a quote missing?",
                       excerpt(code, kCodeShown), kLongestCode);
  if (!has_letter_or_digit(code))
    return fmt::format("is `{}`, which has no letter or digit", excerpt(code, kCodeShown));
  return unseen_fault(code);
}

std::string read_number_key(std::string_view token, std::string& code) {
  if (token.find_first_of("eE") != std::string_view::npos) return digits_are_gone(token);
  if (token.starts_with('-')) return fmt::format("is {}, below zero", token);
  std::string fault = read_code(token, code);
  if (fault.empty() && !std::ranges::all_of(code, is_digit))
    return fmt::format("is {}, neither a text nor a whole number", token);
  return fault;
}

}  // namespace pipeline::upsert
