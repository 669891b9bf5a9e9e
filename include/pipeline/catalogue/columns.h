#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// The columns of `products` that a row can fill (docs/database.md).
enum class Column {
  sku,
  source,
  origin_product_no,
  channel_product_no,
  seller_management_code,
  name,
  status,
  display_status,
  sale_price,
  discounted_price,
  stock_quantity,
  category_id,
  category_name,
  brand,
  manufacturer,
  image_url,
  modified_at,
};
inline constexpr int kColumns = 17;

[[nodiscard]] std::string_view name_of(Column column) noexcept;  // as the table names it: sale_price
// The other names it goes by: salePrice.
[[nodiscard]] std::vector<std::string> other_names_of(Column column);
[[nodiscard]] bool is_integer(Column column) noexcept;
[[nodiscard]] bool is_code(Column column) noexcept;  // a text that is typed, not written: the key among them

// The column a key stands for: the table's name, the same in camelCase (salePrice), or the Commerce API's own name
// (statusType, wholeCategoryName, brandName, modifiedDate, ...).
[[nodiscard]] std::optional<Column> column_of(std::string_view key) noexcept;
// The same whatever the case of its letters, for a CSV header.
[[nodiscard]] std::optional<Column> column_of_header(std::string_view name) noexcept;

// Whether a key without a column tells of the product. Time stamps of the feed (created_at, updated_at) and the columns
// this program keeps itself don't.
[[nodiscard]] bool is_content(std::string_view key) noexcept;

}  // namespace pipeline::upsert
