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
  // What people call it in the header of a table, beside all these, with a bar between names; header_key() of each
  // counts.
  std::string_view headers;
  // Where a product holds it. Neither for what makes its key, which is always there.
  std::optional<std::string> Product::*text = nullptr;
  std::optional<std::int64_t> Product::*number = nullptr;
};

// In the order of Column, which canonical forms follow: hashes of stored products rest on it.
// clang-format off
inline constexpr std::array<ColumnInfo, 17> kColumns{{
    {"sku", Kind::code, "", {}, "상품번호", "SKU", {"", ""}, "상품번호|상품코드|SKU코드", nullptr, nullptr},
    {"source", Kind::words, "", {}, "출처", "source", {"", ""}, "출처", nullptr, nullptr},
    {"origin_product_no", Kind::number, "", {}, "원상품번호", "origin product number", {"originProductNo", ""}, "원상품번호", nullptr, &Product::origin_product_no},
    {"channel_product_no", Kind::number, "", {}, "채널상품번호", "channel product number", {"channelProductNo", ""}, "채널상품번호|상품번호(스마트스토어)", nullptr, &Product::channel_product_no},
    {"seller_management_code", Kind::code, "", Reason::content, "판매자코드", "seller code", {"sellerManagementCode", ""}, "판매자코드|판매자상품코드|판매자관리코드|자체상품코드", &Product::seller_management_code, nullptr},
    {"name", Kind::words, "", Reason::content, "상품명", "name", {"", ""}, "상품명|제품명|품명|품목명", &Product::name, nullptr},
    {"status", Kind::words, "", Reason::status, "판매상태", "status", {"statusType", ""}, "판매상태", &Product::status, nullptr},
    {"display_status", Kind::words, "", Reason::status, "전시상태", "display status", {"displayStatus", "channelProductDisplayStatusType"}, "전시상태|진열상태", &Product::display_status, nullptr},
    {"sale_price", Kind::number, "won", Reason::price, "판매가", "price", {"salePrice", ""}, "판매가|판매가격|판매가(원)", nullptr, &Product::sale_price},
    {"discounted_price", Kind::number, "won", Reason::price, "할인가", "discounted price", {"discountedPrice", ""}, "할인가|할인가격", nullptr, &Product::discounted_price},
    {"stock_quantity", Kind::number, "pieces", Reason::stock, "재고수량", "stock", {"stockQuantity", ""}, "재고수량|재고|재고량", nullptr, &Product::stock_quantity},
    {"category_id", Kind::code, "", Reason::content, "카테고리번호", "category number", {"categoryId", "leafCategoryId"}, "카테고리번호|카테고리코드|카테고리ID", &Product::category_id, nullptr},
    {"category_name", Kind::words, "", Reason::content, "카테고리", "category", {"categoryName", "wholeCategoryName"}, "카테고리|카테고리명", &Product::category_name, nullptr},
    {"brand", Kind::words, "", Reason::content, "브랜드", "brand", {"brandName", ""}, "브랜드|브랜드명", &Product::brand, nullptr},
    {"manufacturer", Kind::words, "", Reason::content, "제조사", "manufacturer", {"manufacturerName", ""}, "제조사|제조사명", &Product::manufacturer, nullptr},
    {"image_url", Kind::words, "", Reason::content, "대표이미지", "picture", {"imageUrl", "representativeImage"}, "대표이미지|대표이미지 URL", &Product::image_url, nullptr},
    {"modified_at", Kind::words, "", {}, "수정일", "modified", {"modifiedAt", "modifiedDate"}, "수정일|최종수정일", &Product::modified_at, nullptr},
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

// What names in a header are compared by: letters and digits alone, composed, in half width and lower case. White
// space, brackets and other signs make no difference.
[[nodiscard]] std::string header_key(std::string_view name);
// The column that a name in a header stands for, by all that it is called.
[[nodiscard]] std::optional<Column> column_of_header(std::string_view name);

// What a word in a column of states stands for, in the Commerce API's words: 판매중 is SALE. Any other is itself.
[[nodiscard]] std::string_view state_of(Column column, std::string_view word) noexcept;
// The reverse: the seller centre's word for a state.
[[nodiscard]] std::string_view word_of_state(Column column, std::string_view state) noexcept;

// Whether a key without a column tells of the product. Time stamps of the feed (created_at, updated_at) and the columns
// this program keeps itself don't.
[[nodiscard]] bool is_content(std::string_view key) noexcept;

}  // namespace pipeline::catalogue
