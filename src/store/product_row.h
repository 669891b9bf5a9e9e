#pragma once

#include "pipeline/store/product_lookup.h"
#include "pipeline/store/statement.h"

#include <string_view>

namespace pipeline::store {

// A row of `products` but its hashes of rows and its bodies: what SELECT of these columns gives, which stand first.
inline constexpr std::string_view kProductColumns =
    "sku, content_hash, parse_status, removed_at, modified_at, source, origin_product_no, channel_product_no, "
    "seller_management_code, name, status, display_status, sale_price, discounted_price, stock_quantity, category_id, "
    "category_name, brand, manufacturer, image_url";
inline constexpr int kProductColumnCount = 20;

[[nodiscard]] FoundProduct read_product(const Statement& row);

}  // namespace pipeline::store
