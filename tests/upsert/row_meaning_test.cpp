#include "pipeline/upsert/row_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

// What the values of a row are taken for.
namespace pipeline::upsert {
namespace {

using testing::HasSubstr;

std::string fault(const std::string& json, catalogue::Product& product) {
  RowParser parser("OTHER");
  return parser.parse(simdjson::padded_string(json), product);
}

std::string fault(const std::string& json) {
  catalogue::Product unused;
  return fault(json, unused);
}

catalogue::Product product(const std::string& json) {
  catalogue::Product product;
  EXPECT_EQ(fault(json, product), "") << json;
  return product;
}

std::string found(const std::string& json) {
  RowParser parser("OTHER");
  return std::string(parser.find_sku(simdjson::padded_string(json)));
}

TEST(RowMeaning, TheKeyIsTheSameWithAndWithoutParsing) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("A-1")", "A-1"},
      {R"("A-1 ")", "A-1"},
      {R"("A-1\u00a0")", "A-1"},
      {R"("=\"0001\"")", "0001"},
      {R"("=\"\"0001\"\"")", "0001"},
      {R"("'0001")", "0001"},
      {R"("11900000001.0")", "11900000001"},
      {R"("\u1100\u1161-1")", "가-1"},
      {"11900000001", "11900000001"},
      {"11900000001 ", "11900000001"},
      {"11900000001.0", "11900000001"},
      {"18446744073709551615", "18446744073709551615"},
      {"0", "0"},
  };
  for (const auto& [value, key] : cases)
    for (const std::string& json : {R"({"sku":)" + value + R"(,"name":"n"})", R"({"name":"n","sku":)" + value + "}"}) {
      EXPECT_EQ(product(json).sku, key) << json;
      EXPECT_EQ(found(json), key) << json;
    }
}

TEST(RowMeaning, AKeyThatCannotBeUsedIsFoundByNeither) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("1.19E+10")", "sku is `1.19E+10`, a number whose digits a spreadsheet has cut off"},
      {"1.19E+10", "sku is `1.19E+10`, a number whose digits a spreadsheet has cut off"},
      {"1.03e10", "sku is `1.03e10`, a number whose digits"},
      {"-5", "sku is -5, below zero"},
      {"12.5", "sku is 12.5, neither a text nor a whole number"},
      {R"("#N/A")", "sku is `#N/A`, an error of a spreadsheet"},
      {R"("nan")", "sku is `nan`, what a program writes"},
      {R"(" ")", "sku is empty"},
      {R"("A\u0000")", "sku has a control character"},
      {"99999999999999999999", "beyond 64 bits"},
      {"true", "sku is true, not a text"},
      {"[1]", "sku is [1], not a text"},
  };
  for (const auto& [value, why] : cases) {
    const std::string json = R"({"sku":)" + value + R"(,"name":"n"})";
    EXPECT_THAT(fault(json), HasSubstr(why)) << json;
    if (value.front() != '9') {
      EXPECT_EQ(found(json), "") << json;
    }
  }
}

TEST(RowMeaning, AKeyIsGivenOnce) {
  EXPECT_THAT(fault(R"({"sku":"A","sku":"B"})"), HasSubstr("sku is given twice"));
  EXPECT_THAT(fault(R"({"sku":"A","sku":1})"), HasSubstr("sku is given twice"));
  EXPECT_EQ(product(R"({"sku":"A","sku":"A "})").sku, "A");
}

TEST(RowMeaning, NumbersMayBeTexts) {
  const auto row = product(
      R"({"sku":"A","sale_price":"12,900원","stock_quantity":"10개","originProductNo":"1.0","discounted_price":""})");
  EXPECT_EQ(row.sale_price, 12900);
  EXPECT_EQ(row.stock_quantity, 10);
  EXPECT_EQ(row.origin_product_no, 1);
  EXPECT_EQ(row.discounted_price, std::nullopt);
  EXPECT_EQ(fault(R"({"sku":"A","sale_price":"-100"})"), "sale_price is `-100`, below zero");
  EXPECT_THAT(fault(R"({"sku":"A","source":"MY_STORE","sale_price":" "})"), HasSubstr("has no sale_price"));
}

TEST(RowMeaning, TextsMayBeNumbers) {
  const auto row = product(
      R"({"sku":"A","name":123,"seller_management_code":4711,"category_id":50000804,"brand":12.5,"status":7.0})");
  EXPECT_EQ(row.name, "123");
  EXPECT_EQ(row.seller_management_code, "4711");
  EXPECT_EQ(row.category_id, "50000804");
  EXPECT_EQ(row.brand, "12.5");
  EXPECT_EQ(row.status, "7");
}

TEST(RowMeaning, OtherCodesAreReadAsKeysAre) {
  const auto row = product(R"({"sku":"A","seller_management_code":" =\"007\" ","category_id":"50000804.0"})");
  EXPECT_EQ(row.seller_management_code, "007");
  EXPECT_EQ(row.category_id, "50000804");
  EXPECT_EQ(product(R"({"sku":"A","seller_management_code":" "})").seller_management_code, std::nullopt);
  EXPECT_THAT(fault(R"({"sku":"A","seller_management_code":"1.19E+10"})"),
              HasSubstr("seller_management_code is `1.19E+10`, a number whose digits"));
}

TEST(RowMeaning, WordsStayAsTheyAreButForWhatASpreadsheetDid) {
  const auto row = product(R"({"sku":"A","name":" '90s \"mug\" ","brand":"=\"007\""})");
  EXPECT_EQ(row.name, " '90s \"mug\" ");
  EXPECT_EQ(row.brand, "007");
  EXPECT_EQ(fault(R"({"sku":"A","name":"#REF!"})"), "name is `#REF!`, an error of a spreadsheet; mend it there");
  EXPECT_EQ(fault(R"({"sku":"A","name":"a\u0000b"})"), "name has a NUL character");
  EXPECT_EQ(fault(R"({"sku":"A","no column":"#REF!"})"), "");
}

TEST(RowMeaning, ANulByteIsNamed) {
  using namespace std::string_literals;
  EXPECT_THAT(fault("{\"sku\":\"A\",\"name\":\"a\0b\"}"s), HasSubstr("NUL byte"));
  EXPECT_THAT(fault(std::string(64, '\0')), HasSubstr("NUL byte"));
}

TEST(RowMeaning, TheSameMeaningHasTheSameHash) {
  const auto base = product(R"({"sku":"A","sale_price":12900,"seller_management_code":"7"})").content_hash;
  EXPECT_EQ(product(R"({"sku":"A ","sale_price":"12,900","seller_management_code":7})").content_hash, base);
}

}  // namespace
}  // namespace pipeline::upsert
