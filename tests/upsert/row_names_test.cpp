#include "row_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace pipeline::upsert {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ColumnRules kNoNameRules;

class RowNamesTest : public ::testing::Test {
 protected:
  // The row by the names of the table, or what is wrong with it.
  std::string named(std::string json) { return named(std::move(json), names_); }
  static std::string named(std::string json, RowNames& names) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    std::string_view row = json;
    std::string fault = names.apply(row);
    return fault.empty() ? std::string(row) : fault;
  }

  RowNames names_{kNoNameRules};
};

TEST_F(RowNamesTest, NamesOfAHeaderBecomeTheTables) {
  EXPECT_EQ(named(R"({"상품번호":"11900000001","상품명":"머그컵","판매가":"12,900원","비고":{"a":[1, 2]}})"),
            R"({"sku":"11900000001","name":"머그컵","sale_price":"12,900원","비고":{"a":[1, 2]}})");
  EXPECT_EQ(named(R"({ "SKU" : 1 , "Sale Price" : null, "재고 수량":37})"),
            R"({"sku":1,"sale_price":null,"stock_quantity":37})");
  // As pandas and Python write it.
  EXPECT_EQ(named(R"({"\uc0c1\ud488\ubc88\ud638":"1","\uc0c1\ud488\uba85":"\uba38\uadf8"})"),
            R"({"sku":"1","name":"\uba38\uadf8"})");
}

TEST_F(RowNamesTest, ARowThatHasThemIsLeftToTheByte) {
  for (const std::string row :
       {R"({"sku":"1", "name":"컵"})", R"({"statusType":"SALE","sku":"1","salePrice":5,"memo":{"상품명":"x"}})",
        R"({"sku":"1","created_at":"2026","options":[]})", R"({"sku":"1","상품명)", R"([1])", R"({"상품번호":"1"} x)",
        R"({"상품번호":"1"}{"상품번호":"2"})", "no json", R"({"name":"컵"})", "{}", ""}) {
    std::string padded = row;
    padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
    std::string_view view = padded;
    EXPECT_EQ(names_.apply(view), "");
    EXPECT_EQ(view, row);
  }
  EXPECT_EQ(names_.first() == nullptr ? "" : names_.first()->told().front().name, "name") << "a row without a key";
}

TEST_F(RowNamesTest, TheSkuIsFoundOnTheWay) {
  const auto sku_of = [&](const std::string& json) {
    (void)named(json);
    return std::string(names_.plain_sku());
  };
  EXPECT_EQ(sku_of(R"({"name":"a","sku":"A-1","sku":"A-2"})"), "A-1") << "as find_sku() has it";
  EXPECT_EQ(sku_of(R"({"sku":"A-1 "})"), "") << "something has to be done to it";
  EXPECT_EQ(sku_of(R"({"sku":119})"), "");
  EXPECT_EQ(sku_of(R"({"상품번호":"A-1"})"), "");
  EXPECT_EQ(sku_of(R"({"sku":"A-1","상품명":"a"})"), "");
  EXPECT_EQ(sku_of("no json"), "");
}

TEST_F(RowNamesTest, RowsMayHaveOtherKeysThanTheOnesBefore) {
  EXPECT_EQ(named(R"({"sku":"1","name":"a"})"), R"({"sku":"1","name":"a"})");
  EXPECT_EQ(named(R"({"sku":"1","상품명":"a"})"), R"({"sku":"1","name":"a"})");
  EXPECT_EQ(named(R"({"sku":"1","name":"a","판매가":5})"), R"({"sku":"1","name":"a","sale_price":5})");
  EXPECT_EQ(named(R"({"sku":"1","name":"a"})"), R"({"sku":"1","name":"a"})");
  EXPECT_EQ(named(R"({"판매가":5,"상품코드":"1"})"), R"({"sale_price":5,"sku":"1"})");
}

TEST_F(RowNamesTest, TwoKeysForOneFieldAreRefusedAndBothNamed) {
  EXPECT_THAT(named(R"({"sku":"A-1","상품번호":"119"})"),
              AllOf(HasSubstr("its keys `sku` and `상품번호` both are sku"), HasSubstr("--map '상품번호=raw_json'")));
  const ColumnRules rules{{{"상품번호", std::nullopt}}, std::nullopt};
  RowNames names(rules);
  EXPECT_EQ(named(R"({"sku":"A-1","상품번호":"119"})", names), R"({"sku":"A-1","상품번호":"119"})");
  EXPECT_EQ(named(R"({"sku":"A-2","상품명":"a"})"), R"({"sku":"A-2","name":"a"})") << "the next row is judged anew";
}

TEST_F(RowNamesTest, WithoutASkuTheKeyIsWhatItIsInATable) {
  EXPECT_EQ(named(R"({"channelProductNo":119,"name":"a"})"), R"({"sku":119,"channel_product_no":119,"name":"a"})");
  const ColumnRules by_code{{}, catalogue::Column::seller_management_code};
  RowNames names(by_code);
  EXPECT_EQ(named(R"({"판매자코드":"C-1","상품명":"a"})", names),
            R"({"sku":"C-1","seller_management_code":"C-1","name":"a"})");
  EXPECT_EQ(named(R"({"sku":"1","sellerManagementCode":"C-1"})", names), R"({"sku":"1","sellerManagementCode":"C-1"})")
      << "it has a key of its own";
}

TEST_F(RowNamesTest, WhatAnotherProgramWritesMeansWhatItMeansThere) {
  EXPECT_EQ(named(R"({"상품번호":119,"판매자상품코드":"C","상품명":"a","대분류":"생활","중분류":"주방","태그":"x"})"),
            R"({"sku":119,"channel_product_no":119,"seller_management_code":"C","name":"a",)"
            R"("category_name":"생활>주방","태그":"x"})");
  EXPECT_THAT(names_.known_without_column(), ElementsAre("태그"));
  EXPECT_EQ(names_.first()->kind()->name, "a SmartStore product list");
  // A key that is missing in a row below makes no other file of it.
  EXPECT_EQ(named(R"({"상품번호":120,"상품명":"b"})"), R"({"sku":120,"channel_product_no":120,"name":"b"})");

  RowNames feed(kNoNameRules);
  EXPECT_EQ(named(R"({"id":"A","title":"a","price":"12900 KRW","availability":"in_stock"})", feed),
            R"({"sku":"A","name":"a","sale_price":"12900 KRW","status":"SALE"})");
  EXPECT_EQ(named(R"({"sku":"A","id":5,"title":"a","price":1})", feed), R"({"sku":"A","id":5,"title":"a","price":1})")
      << "a row with a sku is nobody's feed";
}

TEST_F(RowNamesTest, RulesStandOverAllThatIsKnown) {
  const ColumnRules rules{{{"소매가", catalogue::Column::sale_price}, {"salePrice", std::nullopt}}, std::nullopt};
  RowNames names(rules);
  EXPECT_EQ(named(R"({"sku":"1","salePrice":3,"소매가":5})", names), R"({"sku":"1","salePrice_2":3,"sale_price":5})");
  EXPECT_THAT(names.take_notes(), ElementsAre(HasSubstr("`salePrice` is a field that its column of that name is not")));
  EXPECT_EQ(named(R"({"salePrice":3,"sku":"1"})", names), R"({"salePrice_2":3,"sku":"1"})");
  EXPECT_EQ(named(R"({"sku":"1","salePrice":3,"소매가":5})", names), R"({"sku":"1","salePrice_2":3,"sale_price":5})");
  EXPECT_EQ(names.take_notes().size(), 1U) << "for the other place, once";
}

}  // namespace
}  // namespace pipeline::upsert
