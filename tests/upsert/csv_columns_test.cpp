#include "csv_columns.h"

#include "pipeline/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace pipeline::upsert {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

CsvRecord record_of(const std::vector<std::string_view>& fields) {
  CsvRecord record;
  for (const auto field : fields) record.add(field);
  return record;
}

CsvColumns columns_of(const std::vector<std::string_view>& names) {
  return {record_of(names), "goods.csv", "the header"};
}

std::string json_of(const CsvColumns& columns, const std::vector<std::string_view>& cells) {
  std::string json;
  EXPECT_EQ(columns.fault_of(record_of(cells)), "");
  columns.to_json(record_of(cells), json);
  return json;
}

TEST(CsvColumns, TakeTheTablesNameInTheHeadersOrder) {
  const auto columns = columns_of({"Name", " SKU ", "salePrice", "색상", "\tMemo\t"});
  EXPECT_EQ(json_of(columns, {"컵", "A-1", "12000", "빨강", "x"}),
            R"({"name":"컵","sku":"A-1","sale_price":12000,"색상":"빨강","Memo":"x"})");
}

TEST(CsvColumns, AnEmptyCellIsNull) {
  EXPECT_EQ(json_of(columns_of({"sku", "name", "stock_quantity", "x"}), {"", "", " ", ""}),
            R"({"sku":null,"name":null,"stock_quantity":null,"x":null})");
}

TEST(CsvColumns, TextIsKeptAsItIsAndEscaped) {
  EXPECT_EQ(json_of(columns_of({"sku", "we\"ird"}), {" 1 ", "a\"b\\\n\x01"}),
            R"({"sku":" 1 ","we\"ird":"a\"b\\\n\u0001"})");
}

TEST(CsvColumns, WholeNumbersBecomeNumbers) {
  const auto columns = columns_of({"sku", "sale_price"});
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"12000", "12000"}, {" 12000\t", "12000"}, {"12000.00", "12000"}, {"12,900원", "12900"},
      {"0", "0"},         {"-0", "0"},           {"007", "7"},          {"9223372036854775807", "9223372036854775807"}};
  for (const auto& [cell, number] : cases)
    EXPECT_EQ(json_of(columns, {"1", cell}), R"({"sku":"1","sale_price":)" + std::string(number) + "}") << cell;
}

TEST(CsvColumns, WhatIsNoWholeNumberStaysForTheParserToTell) {
  EXPECT_EQ(json_of(columns_of({"sku", "salePrice"}), {"1", "12.90"}), R"({"sku":"1","sale_price":"12.90"})");
}

TEST(CsvColumns, MissingCellsAreEmptyAndEmptyOnesTooManyAreDropped) {
  const auto columns = columns_of({"sku", "name"});
  EXPECT_EQ(json_of(columns, {"1"}), R"({"sku":"1","name":null})");
  EXPECT_EQ(json_of(columns, {"1", "a", "", " "}), R"({"sku":"1","name":"a"})");
  EXPECT_THAT(columns.fault_of(record_of({"1", "2", "", "3"})), HasSubstr("has 4 fields, the header has 2"));
}

TEST(CsvColumns, ARecordOfBlanksIsEmpty) {
  EXPECT_TRUE(CsvColumns::is_empty(record_of({"", " \t", "\u00A0\u200B\u3000"})));
  EXPECT_FALSE(CsvColumns::is_empty(record_of({"", "0"})));
}

TEST(CsvColumns, ARowIsKnownByItsKeyAndItsNumbers) {
  const auto columns = columns_of({"sku", "name", "sale_price"});
  EXPECT_TRUE(columns.is_row(record_of({"1", "", "12,900"})));
  EXPECT_FALSE(columns.is_row(record_of({" ", "a", "1"})));
  EXPECT_FALSE(columns.is_row(record_of({"1", "a", "b"})));
  EXPECT_FALSE(columns.is_row(record_of({"1", "a"})));
}

TEST(CsvColumns, ANamelessColumnAppearsWhereItHasData) {
  const auto columns = columns_of({"sku", "", " "});
  EXPECT_EQ(json_of(columns, {"1", "", ""}), R"({"sku":"1"})");
  EXPECT_EQ(json_of(columns, {"1", "a", "b"}), R"({"sku":"1","column_2":"a","column_3":"b"})");
  EXPECT_EQ(json_of(columns_of({"", "sku"}), {"", "1"}), R"({"sku":"1"})");
}

TEST(CsvColumns, AHeaderWithoutSkuIsRefused) {
  EXPECT_THAT(
      [] {
        (void)columns_of({"name", "price"});
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr("`sku`"), HasSubstr("the header"))));
  EXPECT_FALSE(CsvColumns::has_sku(record_of({"name", "skus"})));
  EXPECT_TRUE(CsvColumns::has_sku(record_of({"name", " Sku "})));
}

TEST(CsvColumns, TwoColumnsForOneAreRefused) {
  const std::pair<std::vector<std::string_view>, std::string_view> cases[] = {
      {{"sku", " SKU"}, "`sku` and `SKU` both are sku"},
      {{"sku", "sale_price", "salePrice"}, "`sale_price` and `salePrice` both are sale_price"},
      {{"sku", "statusType", "x", "STATUS"}, "`statusType` and `STATUS` both are status"}};
  for (const auto& [names, why] : cases)
    EXPECT_THAT([header = names] { (void)columns_of(header); },
                ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr(why), HasSubstr("the header"))));
}

TEST(CsvColumns, OtherColumnsOfOneNameAreNumbered) {
  EXPECT_EQ(json_of(columns_of({"sku", "이미지", "이미지", "이미지_2", " 이미지"}), {"1", "a", "b", "c", "d"}),
            R"({"sku":"1","이미지":"a","이미지_2":"b","이미지_2_2":"c","이미지_3":"d"})");
  EXPECT_EQ(json_of(columns_of({"sku", "", "column_2"}), {"1", "a", "b"}),
            R"({"sku":"1","column_2":"a","column_2_2":"b"})");
  EXPECT_EQ(json_of(columns_of({"sku", "memo", "Memo"}), {"1", "2", "3"}), R"({"sku":"1","memo":"2","Memo":"3"})");
}

TEST(CsvColumns, NamesAreTrimmedOfAllBlanksAndComposed) {
  EXPECT_EQ(json_of(columns_of({"\u200Bsku\u00A0", "\uFEFFname", "\u1100\u1161"}), {"1", "a", "b"}),
            R"({"sku":"1","name":"a","가":"b"})");
}

}  // namespace
}  // namespace pipeline::upsert
