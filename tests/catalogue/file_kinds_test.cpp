#include "pipeline/catalogue/file_kinds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pipeline::catalogue {
namespace {

std::vector<std::string> keys_of(const std::vector<std::string_view>& names) {
  std::vector<std::string> keys;
  for (const auto name : names) keys.push_back(header_key(name));
  return keys;
}

std::string_view kind_of(const std::vector<std::string_view>& names) {
  const FileKind* kind = file_kind_of(keys_of(names));
  return kind == nullptr ? "" : kind->name;
}

TEST(HeaderKey, IsWhatANameIsWithoutSigns) {
  for (const std::string_view name : {"할인가(PC)", "할인가 (pc)", " 할인가\u00A0[ＰＣ]\n", "할인가_PC*"})
    EXPECT_EQ(header_key(name), "할인가pc") << name;
  EXPECT_EQ(header_key("\u1112\u1161\u11AF인가(PC)"), "할인가pc") << "in parts, as macOS writes it";
  EXPECT_EQ(header_key("Sale-Price"), header_key("sale_price"));
  EXPECT_EQ(header_key(""), "");
  EXPECT_EQ(header_key("()"), "");
  EXPECT_EQ(header_key(std::string(1000, 'x')), "");
}

TEST(ColumnOfHeader, KnowsKoreanNames) {
  EXPECT_EQ(column_of_header("상품명"), Column::name);
  EXPECT_EQ(column_of_header("판매가 (원)"), Column::sale_price);
  EXPECT_EQ(column_of_header("재고"), Column::stock_quantity);
  EXPECT_EQ(column_of_header("상품 번호"), Column::sku);
  EXPECT_EQ(column_of_header("Sale Price"), Column::sale_price);
  EXPECT_EQ(column_of_header("salePrice"), Column::sale_price);
  EXPECT_EQ(column_of_header("이미지"), std::nullopt);
  EXPECT_EQ(column_of_header(""), std::nullopt);
}

TEST(ColumnOfHeader, NotesInBracketsAreNoPartOfAName) {
  EXPECT_EQ(column_of_header("상품명(필수)"), Column::name);
  EXPECT_EQ(column_of_header("[선택] 재고수량 (개)"), Column::stock_quantity);
  EXPECT_EQ(column_of_header("판매가 (KRW)"), Column::sale_price);
  EXPECT_EQ(column_of_header("상품코드 (*필수)"), Column::sku);
  EXPECT_EQ(column_of_header("상품명(영문)"), std::nullopt) << "that is another name";
  EXPECT_EQ(column_of_header("판매가(모바일)"), std::nullopt);
  EXPECT_EQ(header_key("(필수)"), "필수") << "it says nothing else";
}

TEST(ColumnOfHeader, NoNameIsThatOfTwoColumns) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    std::set<std::string> own{header_key(kColumns[i].name)};
    for (const auto other : kColumns[i].other_names) own.insert(header_key(other));
    for (std::string_view rest = kColumns[i].headers; !rest.empty();) {
      const auto name = rest.substr(0, rest.find('|'));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      own.insert(header_key(name));
      EXPECT_EQ(column_of_header(name), static_cast<Column>(i)) << name;
    }
    own.erase("");
    for (const auto& key : own) EXPECT_TRUE(seen.emplace(key, i).second) << key;
  }
}

TEST(StateOf, TranslatesTheSellerCentresWords) {
  EXPECT_EQ(state_of(Column::status, "판매중"), "SALE");
  EXPECT_EQ(state_of(Column::status, " 품절 "), "OUTOFSTOCK");
  EXPECT_EQ(state_of(Column::status, "판매중지"), "SUSPENSION");
  EXPECT_EQ(state_of(Column::display_status, "전시중"), "ON");
  EXPECT_EQ(state_of(Column::display_status, "판매중"), "판매중") << "is no state of display";
  EXPECT_EQ(state_of(Column::status, "단종"), "단종");
  EXPECT_EQ(state_of(Column::name, "품절"), "품절");
}

TEST(FileKindOf, TellsWhoWroteAFileByItsNames) {
  EXPECT_EQ(kind_of({"상품번호(스마트스토어)", "상품명"}), "a SmartStore product list");
  EXPECT_EQ(kind_of({"상품명", "판매자 상품코드", "상품번호"}), "a SmartStore product list");
  EXPECT_EQ(kind_of({"옵션ID", "등록상품 ID"}), "a Coupang product list");
  EXPECT_EQ(kind_of({"상품코드", "자체 상품코드"}), "a Cafe24 product list");
  EXPECT_EQ(kind_of({"ID", "Title", "price_pc", "price"}), "a Naver Shopping feed (EP)");
  EXPECT_EQ(kind_of({"id", "title", "price"}), "a Google Merchant feed");
  EXPECT_EQ(kind_of({"sku", "상품명", "판매가"}), "");
  EXPECT_EQ(kind_of({"id", "title"}), "");
}

// A name that stands in a kind's table twice would be found once.
TEST(FileKindOf, EachKindHasANameOnce) {
  for (const std::vector<std::string_view>& names : {std::vector<std::string_view>{"상품번호(스마트스토어)"},
                                                     {"옵션 ID", "판매가격"},
                                                     {"상품코드", "진열상태"},
                                                     {"id", "title", "price_pc"},
                                                     {"id", "title", "price"}}) {
    const FileKind* const kind = file_kind_of(keys_of(names));
    ASSERT_NE(kind, nullptr);
    std::set<std::string> seen;
    for (const FileColumn& column : kind->columns) {
      EXPECT_TRUE(seen.insert(header_key(column.name)).second) << kind->name << " " << column.name;
      EXPECT_EQ(find_column(*kind, header_key(column.name)), &column);
    }
  }
}

}  // namespace
}  // namespace pipeline::catalogue
