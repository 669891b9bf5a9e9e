#include "pipeline/catalogue/columns.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pipeline::catalogue {
namespace {

TEST(Columns, EachHasANameOfItsOwnThatLeadsBackToIt) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto column = static_cast<Column>(i);
    EXPECT_EQ(column_of(name_of(column)), column) << name_of(column);
    names.insert(name_of(column));
  }
  EXPECT_EQ(names.size(), kColumns.size());
}

TEST(Columns, AreFoundInCamelCase) {
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto column = static_cast<Column>(i);
    std::string camel;
    bool upper = false;
    for (const char c : name_of(column)) {
      if (c != '_') camel += upper ? static_cast<char>(c - 'a' + 'A') : c;
      upper = c == '_';
    }
    EXPECT_EQ(column_of(camel), column) << camel;
  }
}

TEST(Columns, AreFoundByTheNamesOfTheCommerceApi) {
  const std::pair<std::string_view, Column> names[] = {{"statusType", Column::status},
                                                       {"channelProductDisplayStatusType", Column::display_status},
                                                       {"leafCategoryId", Column::category_id},
                                                       {"wholeCategoryName", Column::category_name},
                                                       {"brandName", Column::brand},
                                                       {"manufacturerName", Column::manufacturer},
                                                       {"modifiedDate", Column::modified_at}};
  for (const auto& [name, column] : names) EXPECT_EQ(column_of(name), column) << name;
}

TEST(Columns, AKeyIsFoundByItsExactNameOnlyAndAHeaderInAnyCase) {
  EXPECT_EQ(column_of("SKU"), std::nullopt);
  EXPECT_EQ(column_of_header("SKU"), Column::sku);
  EXPECT_EQ(column_of_header("Sale_Price"), Column::sale_price);
  EXPECT_EQ(column_of_header("SALEPRICE"), Column::sale_price);
  for (const std::string_view unknown : {"", "price", "skus", "raw_json", "색상"}) {
    EXPECT_EQ(column_of(unknown), std::nullopt) << unknown;
    EXPECT_EQ(column_of_header(unknown), std::nullopt) << unknown;
  }
}

TEST(Columns, NumbersPricesAndStockAreIntegers) {
  std::set<std::string_view> integers;
  for (std::size_t i = 0; i < kColumns.size(); ++i)
    if (is_number(static_cast<Column>(i))) integers.insert(name_of(static_cast<Column>(i)));
  EXPECT_EQ(integers, (std::set<std::string_view>{"origin_product_no", "channel_product_no", "sale_price",
                                                  "discounted_price", "stock_quantity"}));
}

TEST(Columns, EachIsHeldInOnePlaceButTheKey) {
  for (const ColumnInfo& column : kColumns) {
    const bool is_key = column.name == "sku" || column.name == "source";
    EXPECT_EQ(column.text != nullptr, !is_key && column.kind != Kind::number) << column.name;
    EXPECT_EQ(column.number != nullptr, column.kind == Kind::number) << column.name;
  }
}

}  // namespace
}  // namespace pipeline::catalogue
