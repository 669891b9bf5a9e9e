#pragma once

#include "pipeline/catalogue/product.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The columns of a product that its source can fill, each told once. A new column is a line here, a migration
// (store/schema.h) and a line in docs/database.md.
namespace pipeline::catalogue {

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

enum class Kind {
  code,    // a text that is typed, not written: the key among them
  words,   // a text
  number,  // whole, not below zero
};

struct ColumnInfo {
  std::string_view name;  // in the database, in product files and in facts
  Kind kind;
  std::string_view unit;         // empty: it has none
  std::optional<Reason> reason;  // that a change of it gives; absent: nobody who wrote about the product minds
  std::string_view korean;
  std::string_view english;
  // What else it is called in files and by the Commerce API, but its name in camelCase where that is the same.
  std::array<std::string_view, 2> other_names;
  // Where a product holds it. Neither for what makes its key, which is always there.
  std::optional<std::string> Product::*text = nullptr;
  std::optional<std::int64_t> Product::*number = nullptr;
};

// In the order of Column, which canonical forms follow: hashes of stored products rest on it.
// clang-format off
inline constexpr std::array<ColumnInfo, 17> kColumns{{
    {"sku", Kind::code, "", {}, "상품번호", "SKU", {"", ""}, nullptr, nullptr},
    {"source", Kind::words, "", {}, "출처", "source", {"", ""}, nullptr, nullptr},
    {"origin_product_no", Kind::number, "", {}, "원상품번호", "origin product number", {"originProductNo", ""}, nullptr, &Product::origin_product_no},
    {"channel_product_no", Kind::number, "", {}, "채널상품번호", "channel product number", {"channelProductNo", ""}, nullptr, &Product::channel_product_no},
    {"seller_management_code", Kind::code, "", Reason::content, "판매자코드", "seller code", {"sellerManagementCode", ""}, &Product::seller_management_code, nullptr},
    {"name", Kind::words, "", Reason::content, "상품명", "name", {"", ""}, &Product::name, nullptr},
    {"status", Kind::words, "", Reason::status, "판매상태", "status", {"statusType", ""}, &Product::status, nullptr},
    {"display_status", Kind::words, "", Reason::status, "전시상태", "display status", {"displayStatus", "channelProductDisplayStatusType"}, &Product::display_status, nullptr},
    {"sale_price", Kind::number, "won", Reason::price, "판매가", "price", {"salePrice", ""}, nullptr, &Product::sale_price},
    {"discounted_price", Kind::number, "won", Reason::price, "할인가", "discounted price", {"discountedPrice", ""}, nullptr, &Product::discounted_price},
    {"stock_quantity", Kind::number, "pieces", Reason::stock, "재고수량", "stock", {"stockQuantity", ""}, nullptr, &Product::stock_quantity},
    {"category_id", Kind::code, "", Reason::content, "카테고리번호", "category number", {"categoryId", "leafCategoryId"}, &Product::category_id, nullptr},
    {"category_name", Kind::words, "", Reason::content, "카테고리", "category", {"categoryName", "wholeCategoryName"}, &Product::category_name, nullptr},
    {"brand", Kind::words, "", Reason::content, "브랜드", "brand", {"brandName", ""}, &Product::brand, nullptr},
    {"manufacturer", Kind::words, "", Reason::content, "제조사", "manufacturer", {"manufacturerName", ""}, &Product::manufacturer, nullptr},
    {"image_url", Kind::words, "", Reason::content, "대표이미지", "picture", {"imageUrl", "representativeImage"}, &Product::image_url, nullptr},
    {"modified_at", Kind::words, "", {}, "수정일", "modified", {"modifiedAt", "modifiedDate"}, &Product::modified_at, nullptr},
}};
// clang-format on

[[nodiscard]] constexpr std::size_t index(Column column) noexcept {
  return static_cast<std::size_t>(column);
}
[[nodiscard]] constexpr const ColumnInfo& info(Column column) noexcept {
  return kColumns[index(column)];
}
[[nodiscard]] constexpr std::string_view name_of(Column column) noexcept {
  return info(column).name;
}

[[nodiscard]] constexpr bool is_number(Column column) noexcept {
  return info(column).kind == Kind::number;
}
[[nodiscard]] constexpr bool is_code(Column column) noexcept {
  return info(column).kind == Kind::code;
}

// The column a key of a row stands for, by its name or one of the others.
[[nodiscard]] std::optional<Column> column_of(std::string_view key) noexcept;
// The same whatever the case of its letters, for a header.
[[nodiscard]] std::optional<Column> column_of_header(std::string_view name) noexcept;

// Whether a key without a column tells of the product. Time stamps of the feed (created_at, updated_at) and the columns
// this program keeps itself don't.
[[nodiscard]] bool is_content(std::string_view key) noexcept;

}  // namespace pipeline::catalogue
