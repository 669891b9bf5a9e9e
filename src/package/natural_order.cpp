#include "natural_order.h"

#include "pipeline/base/ascii.h"

#include <algorithm>
#include <compare>

namespace pipeline::package {
namespace {

// Takes the digits at the front, without leading zeros.
std::string_view take_number(std::string_view& text) noexcept {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept {
  const auto by_size = a.size() <=> b.size();
  return by_size != 0 ? by_size : a <=> b;
}

std::strong_ordering compare(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    std::strong_ordering order = std::strong_ordering::equal;
    if (is_digit(a.front()) && is_digit(b.front())) {
      order = compare_numbers(take_number(a), take_number(b));
    } else {
      order = static_cast<unsigned char>(to_lower(a.front())) <=> static_cast<unsigned char>(to_lower(b.front()));
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    if (order != 0) return order;
  }
  return a.size() <=> b.size();
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) noexcept {
  const auto order = compare(a, b);
  return order != 0 ? order < 0 : a < b;
}

}  // namespace pipeline::package
