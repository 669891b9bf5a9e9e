#pragma once

#include "pipeline/catalogue/columns.h"
#include "pipeline/store/catalogue.h"

#include "statement.h"

#include <string>

namespace pipeline::store::sqlite {

// A row of `products` but its hashes of rows and its bodies: what SELECT of these columns gives, which stand first.
[[nodiscard]] const std::string& product_columns();
inline constexpr int kProductColumnCount = static_cast<int>(3 + catalogue::kColumns.size());

[[nodiscard]] FoundProduct read_product(const Statement& row);

}  // namespace pipeline::store::sqlite
