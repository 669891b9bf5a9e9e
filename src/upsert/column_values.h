#pragma once

#include "pipeline/store/product.h"
#include "pipeline/upsert/columns.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace pipeline::upsert {

// Where a product holds the columns that a row can fill, but its key: sku and source.
struct NumberValue {
  Column column;
  std::optional<std::int64_t> store::Product::*value;
};
struct TextValue {
  Column column;
  std::optional<std::string> store::Product::*value;
};
inline constexpr std::array kNumberValues = {
    NumberValue{Column::origin_product_no, &store::Product::origin_product_no},
    NumberValue{Column::channel_product_no, &store::Product::channel_product_no},
    NumberValue{Column::sale_price, &store::Product::sale_price},
    NumberValue{Column::discounted_price, &store::Product::discounted_price},
    NumberValue{Column::stock_quantity, &store::Product::stock_quantity},
};
inline constexpr std::array kTextValues = {
    TextValue{Column::seller_management_code, &store::Product::seller_management_code},
    TextValue{Column::name, &store::Product::name},
    TextValue{Column::status, &store::Product::status},
    TextValue{Column::display_status, &store::Product::display_status},
    TextValue{Column::category_id, &store::Product::category_id},
    TextValue{Column::category_name, &store::Product::category_name},
    TextValue{Column::brand, &store::Product::brand},
    TextValue{Column::manufacturer, &store::Product::manufacturer},
    TextValue{Column::image_url, &store::Product::image_url},
    TextValue{Column::modified_at, &store::Product::modified_at},
};
static_assert(kNumberValues.size() + kTextValues.size() + 2 == kColumns);

}  // namespace pipeline::upsert
