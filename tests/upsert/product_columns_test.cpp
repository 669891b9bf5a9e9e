#include "product_columns.h"

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

const ColumnRules kNoRules;

ProductColumns columns_of(const std::vector<std::string_view>& names, const ColumnRules& rules = kNoRules) {
  ProductColumns columns(rules);
  columns.take_header(record_of(names), "goods.csv");
  return columns;
}

std::string json_of(const ProductColumns& columns, const std::vector<std::string_view>& cells) {
  std::string json;
  const sheet::Record record{record_of(cells), {}};
  EXPECT_EQ(columns.fault_of(record), "");
  columns.to_json(record, json);
  return json;
}

TEST(ProductColumns, TakeTheTablesNameInTheHeadersOrder) {
  const auto columns = columns_of({"Name", " SKU ", "salePrice", "색상", "\tMemo\t"});
  EXPECT_EQ(json_of(columns, {"컵", "A-1", "12000", "빨강", "x"}),
            R"({"name":"컵","sku":"A-1","sale_price":12000,"색상":"빨강","Memo":"x"})");
}

TEST(ProductColumns, AnEmptyCellIsNull) {
  EXPECT_EQ(json_of(columns_of({"sku", "name", "stock_quantity", "x"}), {"", "", " ", ""}),
            R"({"sku":null,"name":null,"stock_quantity":null,"x":null})");
}

TEST(ProductColumns, TextIsKeptAsItIsAndEscaped) {
  EXPECT_EQ(json_of(columns_of({"sku", "we\"ird"}), {" 1 ", "a\"b\\\n\x01"}),
            R"({"sku":" 1 ","we\"ird":"a\"b\\\n\u0001"})");
}

TEST(ProductColumns, WholeNumbersBecomeNumbers) {
  const auto columns = columns_of({"sku", "sale_price"});
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"12000", "12000"}, {" 12000\t", "12000"}, {"12000.00", "12000"}, {"12,900원", "12900"},
      {"0", "0"},         {"-0", "0"},           {"007", "7"},          {"9223372036854775807", "9223372036854775807"}};
  for (const auto& [cell, number] : cases)
    EXPECT_EQ(json_of(columns, {"1", cell}), R"({"sku":"1","sale_price":)" + std::string(number) + "}") << cell;
}

TEST(ProductColumns, WhatIsNoWholeNumberStaysForTheParserToTell) {
  EXPECT_EQ(json_of(columns_of({"sku", "salePrice"}), {"1", "12.90"}), R"({"sku":"1","sale_price":"12.90"})");
}

TEST(ProductColumns, MissingCellsAreEmptyAndEmptyOnesTooManyAreDropped) {
  const auto columns = columns_of({"sku", "name"});
  EXPECT_EQ(json_of(columns, {"1"}), R"({"sku":"1","name":null})");
  EXPECT_EQ(json_of(columns, {"1", "a", "", " "}), R"({"sku":"1","name":"a"})");
}

TEST(ProductColumns, ARowIsKnownByItsKeyAndItsNumbers) {
  const auto columns = columns_of({"sku", "name", "sale_price"});
  EXPECT_TRUE(columns.is_row(record_of({"1", "", "12,900"})));
  EXPECT_FALSE(columns.is_row(record_of({" ", "a", "1"})));
  EXPECT_FALSE(columns.is_row(record_of({"1", "a", "b"})));
  EXPECT_FALSE(columns.is_row(record_of({"1", "a"})));
}

TEST(ProductColumns, ARecordThatExplainsTheColumnsIsAGuide) {
  const auto columns = columns_of({"sku", "상품명", "판매가", "재고수량"});
  const std::vector<std::vector<std::string_view>> guides{
      {"필수", "필수", "필수", "선택"},
      {"", "필수", "", ""},
      {"판매자가 정한 코드를 입력해 주세요", "100자 이내", "숫자만", ""},
      {"예시) A-1", "머그컵", "12,900", "10"},
      {"작성 방법", "", "", ""},
      {"code", "[필수]", "필수입력", "선택입력"}};
  for (const auto& cells : guides) EXPECT_TRUE(columns.is_guide(record_of(cells))) << cells[0];
  const std::vector<std::vector<std::string_view>> rows{{"A-1", "필수 비타민", "12900", "1"},
                                                        {"선택형-1", "머그컵", "12900", "1"},
                                                        {"A-1", "머그컵", "가격 문의", "선택"},
                                                        {"", "", "", ""},
                                                        {"A-1"}};
  for (const auto& cells : rows) EXPECT_FALSE(columns.is_guide(record_of(cells))) << cells[0];
}

TEST(ProductColumns, WhatStandsAmongTheRowsAndIsNoneIsKnown) {
  using sheet::Aside;
  const auto columns = columns_of({"No", "상품코드", "상품명", "판매가", "재고수량"});
  const auto aside = [&](const std::vector<std::string_view>& cells) { return columns.aside_of(record_of(cells)); };
  EXPECT_EQ(aside({"No", "상품코드", "상품명 ", "판매가", "재고수량"}), Aside::header_again);
  EXPECT_EQ(aside({"No", "상품코드", "재고수량", "상품명", "판매가"}), Aside::other_header);
  EXPECT_EQ(aside({"합계", "", "", "", "7"}), Aside::sum);
  EXPECT_EQ(aside({"", "합 계:", "", "22,800", "7"}), Aside::sum);
  EXPECT_EQ(aside({"총 1,203건", "", "", "", ""}), Aside::sum);
  EXPECT_EQ(aside({"", "Grand Total", "", "", "7"}), Aside::sum);
  EXPECT_EQ(aside({"※ 재고는 매일 바뀝니다", "", "", "", ""}), Aside::remark);
  EXPECT_EQ(aside({"", "작성일: 2026년 11월", "", "", ""}), Aside::remark);
  EXPECT_EQ(aside({"", "끝"}), Aside::remark);
  EXPECT_EQ(aside({"Exported by Orders on 2026-11-28"}), Aside::remark);
  EXPECT_EQ(aside({"(2 rows)"}), Aside::remark);
  EXPECT_EQ(aside({"---", ":-:", "---", "---:", "---"}), Aside::remark);
  EXPECT_EQ(aside({"-----+------+------"}), Aside::remark);
  EXPECT_EQ(aside({"No", "상품코드", "상품명", "판매가", "재고수량", "브랜드"}), Aside::other_header);
  const std::vector<std::vector<std::string_view>> rows{{"1", "A-1", "합계", "12900", "3"},
                                                        {"1", "합계", "합계라는 상품", "12900", "3"},
                                                        {"", "머그컵 하나", "", "12900", ""},
                                                        {"2", "총알-1", "총알", "1", "1"},
                                                        {"", "A-1"},
                                                        {"", "머그컵"},
                                                        {"", "", "이름만 있는 행"},
                                                        {"", "", "", "", ""},
                                                        {"합계", "A-1", "", "1", "1"}};
  for (const auto& cells : rows) EXPECT_EQ(aside(cells), Aside::none) << cells[1];
  EXPECT_EQ(columns_of({"sku"}).aside_of(record_of({"머그컵 하나"})), Aside::none) << "that is all a row can have";
}

TEST(ProductColumns, ACodeThatAWorkbookTookForSomethingElseIsRefused) {
  const auto columns = columns_of({"sku", "sale_price"});
  const auto fault = [&](std::string_view cell, sheet::CellKind kind) {
    return columns.fault_of({record_of({cell, "1"}), {kind, sheet::CellKind::number}});
  };
  EXPECT_THAT(fault("TRUE", sheet::CellKind::truth), HasSubstr("a truth value that a spreadsheet has made of a code"));
  EXPECT_THAT(fault("01:02:00", sheet::CellKind::date), HasSubstr("a date that a spreadsheet has made of a code"));
  EXPECT_THAT(fault("1.1", sheet::CellKind::number), HasSubstr("a fraction, which loses its last zeros"));
  EXPECT_THAT(fault("-5", sheet::CellKind::number), HasSubstr("below zero"));
  EXPECT_EQ(fault("42", sheet::CellKind::number), "");
  EXPECT_EQ(fault("42.0", sheet::CellKind::number), "");
  EXPECT_EQ(fault("1.1", sheet::CellKind::text), "");
}

TEST(ProductColumns, ANamelessColumnAppearsWhereItHasData) {
  const auto columns = columns_of({"sku", "", " "});
  EXPECT_EQ(json_of(columns, {"1", "", ""}), R"({"sku":"1"})");
  EXPECT_EQ(json_of(columns, {"1", "a", "b"}), R"({"sku":"1","column_2":"a","column_3":"b"})");
  EXPECT_EQ(json_of(columns_of({"", "sku"}), {"", "1"}), R"({"sku":"1"})");
}

TEST(ProductColumns, AHeaderWithoutSkuIsRefused) {
  EXPECT_THAT(
      [] {
        (void)columns_of({"name", "price"});
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr("`sku`"), HasSubstr("The header: "))));
  const ProductColumns none(kNoRules);
  EXPECT_FALSE(none.has_key(record_of({"name", "skus"})));
  EXPECT_TRUE(none.has_key(record_of({"name", " Sku "})));
}

TEST(ProductColumns, TwoColumnsForOneAreRefused) {
  const std::pair<std::vector<std::string_view>, std::string_view> cases[] = {
      {{"sku", " SKU"}, "`sku` and `SKU` both are sku"},
      {{"sku", "sale_price", "salePrice"}, "`sale_price` and `salePrice` both are sale_price"},
      {{"sku", "statusType", "x", "STATUS"}, "`statusType` and `STATUS` both are status"}};
  for (const auto& [names, why] : cases)
    EXPECT_THAT([header = names] { (void)columns_of(header); },
                ThrowsMessage<Error>(AllOf(HasSubstr("goods.csv"), HasSubstr(why), HasSubstr("The header: "))));
}

TEST(ProductColumns, OtherColumnsOfOneNameAreNumbered) {
  EXPECT_EQ(json_of(columns_of({"sku", "이미지", "이미지", "이미지_2", " 이미지"}), {"1", "a", "b", "c", "d"}),
            R"({"sku":"1","이미지":"a","이미지_2":"b","이미지_2_2":"c","이미지_3":"d"})");
  EXPECT_EQ(json_of(columns_of({"sku", "", "column_2"}), {"1", "a", "b"}),
            R"({"sku":"1","column_2":"a","column_2_2":"b"})");
  EXPECT_EQ(json_of(columns_of({"sku", "memo", "Memo"}), {"1", "2", "3"}), R"({"sku":"1","memo":"2","Memo":"3"})");
}

TEST(ProductColumns, NamesAreTrimmedOfAllBlanksAndComposed) {
  EXPECT_EQ(json_of(columns_of({"\u200Bsku\u00A0", "\uFEFFname", "\u1100\u1161"}), {"1", "a", "b"}),
            R"({"sku":"1","name":"a","가":"b"})");
}

TEST(ProductColumns, OfNamesThatMeanTheSameInAKindTheTablesFirstCounts) {
  const auto columns = columns_of({"등록상품명", "쿠팡 노출상품명", "옵션 ID", "판매가격"});
  EXPECT_EQ(json_of(columns, {"a", "b", "1", "5"}), R"({"등록상품명":"a","name":"b","sku":"1","sale_price":5})");
  EXPECT_THAT(columns.known_without_column(), testing::ElementsAre("등록상품명"));
}

TEST(ProductColumns, APartOfACategoryMayBeMissing) {
  const auto columns = columns_of({"상품번호(스마트스토어)", "세분류", "대분류", "중분류"});
  EXPECT_EQ(json_of(columns, {"1", "d", "a", ""}), R"({"sku":"1","channel_product_no":1,"category_name":"a>d"})");
  EXPECT_EQ(json_of(columns, {"1"}), R"({"sku":"1","channel_product_no":1,"category_name":null})");
  EXPECT_EQ(json_of(columns_of({"상품번호(스마트스토어)", "대분류", "카테고리명"}), {"1", "a", "a>b"}),
            R"({"sku":"1","channel_product_no":1,"대분류":"a","category_name":"a>b"})");
}

TEST(ProductColumns, ANameOfAFieldThatIsNoneIsNumbered) {
  const ColumnRules rules{{{"sale_price", std::nullopt}, {"소매가", catalogue::Column::sale_price}}, std::nullopt};
  EXPECT_EQ(json_of(columns_of({"sku", "sale_price", "소매가"}, rules), {"1", "2", "3"}),
            R"({"sku":"1","sale_price_2":"2","sale_price":3})");
}

TEST(ParseColumnRule, TakesTheLastEqualsSign) {
  const auto rule = parse_column_rule(" a=b = sale_price ");
  EXPECT_EQ(rule.name, "a=b");
  EXPECT_EQ(rule.column, catalogue::Column::sale_price);
  EXPECT_EQ(parse_column_rule("메모=raw_json").column, std::nullopt);
  for (const std::string_view wrong : {"", "a", "=sku", "a=", "a=Price"})
    EXPECT_THROW((void)parse_column_rule(wrong), UsageError) << wrong;
}

}  // namespace
}  // namespace pipeline::upsert
