#pragma once

#include "pipeline/catalogue/columns.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// What a text says in a whole number's column. Neither: it is empty.
struct WholeNumber {
  std::optional<std::int64_t> number;
  std::string fault;  // to follow the column's name
};

// Reads 12900 of what people write for it: 12,900, 12 900, 12900.00, +12900, in full width, as a spreadsheet's text
// (="12900"); of a price also with won's signs and names, of a stock with 개 and EA. Everything else is refused, below
// zero also. The text is UTF-8.
[[nodiscard]] WholeNumber read_whole_number(std::string_view text, catalogue::Column column);

}  // namespace pipeline::upsert
