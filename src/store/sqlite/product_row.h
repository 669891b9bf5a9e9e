#pragma once

#include "pipeline/store/product_row.h"

#include "statement.h"

namespace pipeline::store::sqlite {

[[nodiscard]] FoundProduct read_product(const Statement& row);

}  // namespace pipeline::store::sqlite
