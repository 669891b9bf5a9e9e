#include "pipeline/catalogue/wording.h"

#include <gtest/gtest.h>

namespace pipeline::catalogue {
namespace {

TEST(Wording, NumbersHaveTheirUnits) {
  EXPECT_EQ(in_words(Column::sale_price, 12'900), "12,900원");
  EXPECT_EQ(in_words(Column::discounted_price, 0), "0원");
  EXPECT_EQ(in_words(Column::stock_quantity, 1'234), "1,234개");
  EXPECT_EQ(in_words(Column::stock_quantity, 0), "품절");
  EXPECT_EQ(in_words(Column::channel_product_no, 11'900'000'001), "11900000001");
}

TEST(Wording, StatesHaveTheSellerCentresWords) {
  EXPECT_EQ(in_words(Column::status, "SALE"), "판매중");
  EXPECT_EQ(in_words(Column::status, "OUTOFSTOCK"), "품절");
  EXPECT_EQ(in_words(Column::display_status, "SUSPENSION"), "전시중지");
  EXPECT_EQ(in_words(Column::status, "SOMETHING_NEW"), "SOMETHING_NEW");
  EXPECT_EQ(in_words(Column::name, "SALE"), "SALE");
  EXPECT_EQ(in_words(Column::modified_at, "2026-11-27T01:02:03+09:00"), "2026-11-27");
}

TEST(Wording, OfAProductWhatIsNotThereIsAbsent) {
  Product product;
  product.sku = "A-1";
  EXPECT_EQ(in_words(Column::sku, product), "A-1");
  EXPECT_EQ(in_words(Column::sale_price, product), std::nullopt);
  product.name = "";
  EXPECT_EQ(in_words(Column::name, product), std::nullopt);
}

TEST(Wording, ChangesAreReadFromTheirJson) {
  EXPECT_EQ(change_in_words("sale_price", "12900"), "12,900원");
  EXPECT_EQ(change_in_words("status", "\"SALE\""), "판매중");
  EXPECT_EQ(change_in_words("name", "null"), "");
  EXPECT_EQ(change_in_words("originProduct.optionInfo.optionName1", "\"빨강\""), "빨강");
  EXPECT_EQ(change_in_words("whatever", "[1]"), "[1]");
}

TEST(Wording, EachStateLeadsBackToItself) {
  for (const std::string_view state : {"SALE", "OUTOFSTOCK", "SUSPENSION", "WAIT", "CLOSE", "PROHIBITION", "DELETE"})
    EXPECT_EQ(state_of(Column::status, word_of_state(Column::status, state)), state);
}

}  // namespace
}  // namespace pipeline::catalogue
