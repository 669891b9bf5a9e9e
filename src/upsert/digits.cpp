#include "digits.h"

#include "pipeline/base/ascii.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kGroup = 3;

std::string_view take_digits(std::string_view& text) noexcept {
  const std::string_view digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

// Takes what may stand between thousands. Empty: there is no such thing.
std::string_view take_separator(std::string_view& text, Spaces spaces) noexcept {
  for (const std::string_view separator : {",", " ", "\u00A0", "\u2009", "\u202F"}) {
    if (text.starts_with(separator)) {
      text.remove_prefix(separator.size());
      return separator;
    }
    if (spaces == Spaces::none) break;
  }
  return {};
}

}  // namespace

std::optional<std::string> digits_of_whole_number(std::string_view text, Spaces spaces) {
  std::string digits(take_digits(text));
  if (digits.empty()) return std::nullopt;
  const std::size_t first_group = digits.size();
  const bool grouped = !text.empty() && text.front() != '.';
  if (grouped && (first_group > kGroup || digits.front() == '0')) return std::nullopt;
  for (std::string_view separator; grouped && !text.empty() && text.front() != '.';) {
    const std::string_view next = take_separator(text, spaces);
    const std::string_view group = take_digits(text);
    if (next.empty() || (!separator.empty() && next != separator) || group.size() != kGroup) return std::nullopt;
    separator = next;
    digits += group;
  }
  if (text.empty()) return digits;
  const std::string_view fraction = text.substr(1);
  if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  const bool like_thousands = fraction.size() == kGroup && first_group <= kGroup && !grouped && digits != "0";
  if (like_thousands) return std::nullopt;
  return digits;
}

std::optional<std::uint64_t> to_number(std::string_view digits) noexcept {
  return parse_number<std::uint64_t>(digits);
}

}  // namespace pipeline::upsert
