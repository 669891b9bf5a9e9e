#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pipeline::package {

// An amount of won in a text: characters [begin, end).
struct Price {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int64_t won = 0;
};

// The prices in a text, however they are written: 12900, 12,900, 12,900원, ₩12,900, 1만 2,900원, 1.29만원, 만 이천구백
// 원. What is a number of something else is none: dates, sizes, telephone and product numbers, counts, shipping costs.
// In half width and small letters.
[[nodiscard]] std::vector<Price> prices_in(std::u32string_view text);

// A number of pieces, with its counter: 7개, 12 점.
[[nodiscard]] std::vector<Price> pieces_in(std::u32string_view text);

[[nodiscard]] bool is_hangul(char32_t c) noexcept;

}  // namespace pipeline::package
