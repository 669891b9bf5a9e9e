#include "decimal.h"

#include "pipeline/base/text.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace pipeline::metrics {

void append_decimal(double value, std::string& out) {
  std::array<char, 400> digits;  // -5e-324 takes 326, the longest
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  out.append(digits.data(), result.ptr);
}

std::string format_number(double value) {
  const bool large = value >= 1e4 || value == std::floor(value);
  if (large && value >= 0 && value < 1e15) return format_count(std::llround(value));
  return fmt::format("{:.4g}", value);
}

}  // namespace pipeline::metrics
