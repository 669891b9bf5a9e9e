#include "decimal.h"

#include <array>
#include <charconv>

namespace pipeline::metrics {

void append_decimal(double value, std::string& out) {
  std::array<char, 400> digits;  // -5e-324 takes 326, the longest
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  out.append(digits.data(), result.ptr);
}

}  // namespace pipeline::metrics
