#pragma once

#include "pipeline/store/database.h"

// What the index behind products' key is worth can only be shown by doing without it (`upsert --sku-index off`).
namespace pipeline::store {

[[nodiscard]] bool has_sku_index(Database& database);

// Makes `products` anew without its key. Throws UsageError when the table holds products: this is for new databases.
void drop_sku_index(Database& database);

}  // namespace pipeline::store
