#pragma once

#include "connection.h"

// What the index behind products' key is worth can only be shown by doing without it (`upsert --sku-index off`).
namespace pipeline::store::sqlite {

[[nodiscard]] bool has_sku_index(Connection& connection);

// Makes `products` anew without its key. Throws UsageError when the table holds products: this is for new databases.
void drop_sku_index(Connection& connection);

}  // namespace pipeline::store::sqlite
