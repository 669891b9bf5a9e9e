#include "csv_columns.h"

#include "pipeline/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::upsert {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

CsvRecord record_of(std::initializer_list<std::string_view> fields) {
  CsvRecord record;
  for (const auto field : fields) record.add(field);
  return record;
}

CsvColumns columns_of(std::initializer_list<std::string_view> names) {
  return {record_of(names), "goods.csv", "the header"};
}

std::string json_of(const CsvColumns& columns, std::initializer_list<std::string_view> cells) {
  std::string json;
  EXPECT_EQ(columns.to_json(record_of(cells), json), "");
  return json;
}

std::string faults_of(const CsvColumns& columns, std::initializer_list<std::string_view> cells) {
  std::string json;
  return columns.to_json(record_of(cells), json);
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
      {"12000", "12000"}, {" 12000\t", "12000"}, {"12000.00", "12000"}, {"-5", "-5"},
      {"0", "0"},         {"-0", "0"},           {"007", "7"},          {"9223372036854775807", "9223372036854775807"}};
  for (const auto& [cell, number] : cases)
    EXPECT_EQ(json_of(columns, {"1", cell}), R"({"sku":"1","sale_price":)" + std::string(number) + "}") << cell;
}

TEST(CsvColumns, WhatIsNoWholeNumberIsNamed) {
  const auto columns = columns_of({"sku", "salePrice"});
  for (const std::string_view cell : {"12,000", "12000원", "1e5", "99999999999999999999", "12.5", "12.", ".0", "+5",
                                      "0x10", "- 5", "1 000", "12.00x", "nan", "-", "12.0.0"})
    EXPECT_THAT(faults_of(columns, {"1", cell}),
                AllOf(HasSubstr("sale_price"), HasSubstr("`" + std::string(cell) + "`"), HasSubstr("whole number")));
  EXPECT_THAT(faults_of(columns, {"1", std::string(500, '9')}), AllOf(HasSubstr("9…"), Not(HasSubstr("원"))));
}

TEST(CsvColumns, AllFaultsOfARowAreNamed) {
  EXPECT_THAT(faults_of(columns_of({"sku", "sale_price", "name", "stock_quantity"}), {"1", "x", "y", "z"}),
              AllOf(HasSubstr("sale_price"), HasSubstr("; stock_quantity"), Not(HasSubstr("name"))));
}

TEST(CsvColumns, AnotherNumberOfFieldsIsAFault) {
  const auto columns = columns_of({"sku", "name"});
  EXPECT_THAT(faults_of(columns, {"1"}), HasSubstr("has 1 fields, the header has 2"));
  EXPECT_THAT(faults_of(columns, {"1", "2", "3"}), HasSubstr("has 3 fields, the header has 2"));
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

TEST(CsvColumns, TwoColumnsOfOneMeaningAreRefused) {
  using Names = std::initializer_list<std::string_view>;
  for (const Names names : {Names{"sku", "SKU"}, Names{"sku", "sale_price", "salePrice"}, Names{"sku", "색상", "색상 "},
                            Names{"sku", "statusType", "status"}, Names{"sku", "", "column_2"}})
    EXPECT_THAT([&] { (void)columns_of(names); },
                ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr("twice"), HasSubstr("the header"))));
  EXPECT_EQ(json_of(columns_of({"sku", "memo", "Memo"}), {"1", "2", "3"}), R"({"sku":"1","memo":"2","Memo":"3"})");
}

}  // namespace
}  // namespace pipeline::upsert
