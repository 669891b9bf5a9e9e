#pragma once

#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/product.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What columns hold, as people write it in Korean: 12,900원, 품절, 판매중.
namespace pipeline::catalogue {

[[nodiscard]] std::string in_words(Column column, std::int64_t number);
[[nodiscard]] std::string in_words(Column column, std::string_view text);

// Of a product; absent where it has nothing there.
[[nodiscard]] std::optional<std::string> in_words(Column column, const Product& product);

// A value of a change (Change::before, Change::after) of a field, which may be no column; empty for nothing.
[[nodiscard]] std::string change_in_words(std::string_view field, std::string_view json);

}  // namespace pipeline::catalogue
