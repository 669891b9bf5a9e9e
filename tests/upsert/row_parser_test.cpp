#include "pipeline/upsert/row_parser.h"

#include "pipeline/upsert/row_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pipeline::upsert {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StrEq;

// With the bytes behind it that the parser may read.
std::string padded(std::string json) {
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  return json;
}

class RowParserTest : public ::testing::Test {
 protected:
  std::string fault(const std::string& json, const std::string& source = "MY_STORE") {
    RowParser parser(source);
    const std::string text = padded(json);
    return parser.parse(text, product_);
  }
  catalogue::Product product(const std::string& json, const std::string& source = "MY_STORE") {
    EXPECT_EQ(fault(json, source), "") << json;
    return product_;
  }
  Sha256 hash(const std::string& json) { return *product(json).content_hash; }

  catalogue::Product product_;
};

TEST_F(RowParserTest, KnownKeysFillTheirColumns) {
  const auto row =
      product(R"({"sku":"S1","source":"AFFILIATE_SHOPPING_CONNECT","origin_product_no":1,"channel_product_no":2,)"
              R"("seller_management_code":"C","name":"이름","status":"SALE","display_status":"ON","sale_price":1000,)"
              R"("discounted_price":900,"stock_quantity":5,"category_id":"5","category_name":"a>b","brand":"b",)"
              R"("manufacturer":"m","image_url":"http://x/y.jpg","modified_at":"2026-04-01T00:00:00.000+09:00"})");
  EXPECT_EQ(row.sku, "S1");
  EXPECT_EQ(row.source, "AFFILIATE_SHOPPING_CONNECT");
  EXPECT_EQ(row.origin_product_no, 1);
  EXPECT_EQ(row.channel_product_no, 2);
  EXPECT_EQ(row.seller_management_code, "C");
  EXPECT_EQ(row.name, "이름");
  EXPECT_EQ(row.status, "SALE");
  EXPECT_EQ(row.display_status, "ON");
  EXPECT_EQ(row.sale_price, 1000);
  EXPECT_EQ(row.discounted_price, 900);
  EXPECT_EQ(row.stock_quantity, 5);
  EXPECT_EQ(row.category_id, "5");
  EXPECT_EQ(row.category_name, "a>b");
  EXPECT_EQ(row.brand, "b");
  EXPECT_EQ(row.manufacturer, "m");
  EXPECT_EQ(row.image_url, "http://x/y.jpg");
  EXPECT_EQ(row.modified_at, "2026-04-01T00:00:00.000+09:00");
  EXPECT_EQ(row.parse_status, catalogue::ParseStatus::ok);
}

TEST_F(RowParserTest, TheCommerceApisNamesMeanTheSame) {
  const std::string snake =
      R"({"sku":"S1","name":"n","status":"SALE","sale_price":1000,"category_id":"5","image_url":"http://x/y.jpg"})";
  const std::string camel =
      R"({"representativeImage":{"url":"http://x/y.jpg"},"leafCategoryId":"5","salePrice":1000.0,)"
      R"("statusType":"SALE","name":"n","sku":"S1"})";
  EXPECT_EQ(hash(snake), hash(camel));
  EXPECT_EQ(product(camel).image_url, "http://x/y.jpg");
}

TEST_F(RowParserTest, ARowOfThePastLeavesNothingBehind) {
  RowParser parser("MY_STORE");
  catalogue::Product kept;
  const std::string full = padded(R"({"sku":"S1","name":"n","sale_price":1,"brand":"b","stock_quantity":3})");
  const std::string bare = padded(R"({"sku":"S2","sale_price":2})");
  ASSERT_EQ(parser.parse(full, kept), "");
  ASSERT_EQ(parser.parse(bare, kept), "");
  EXPECT_EQ(kept.sku, "S2");
  EXPECT_EQ(kept.name, std::nullopt);
  EXPECT_EQ(kept.brand, std::nullopt);
  EXPECT_EQ(kept.stock_quantity, std::nullopt);
  EXPECT_EQ(kept.raw_json, bare);
}

TEST_F(RowParserTest, TheHashIsOfTheContentAndNotOfItsSpelling) {
  const Sha256 base = hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":5}],"tag":"a"})");
  EXPECT_EQ(hash(R"({ "tag" : "\u0061", "options":[{"price":5.0,"id":1}], "sku":"S1", "sale_price":1 })"), base);
  EXPECT_EQ(hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":5}],"tag":"a","brand":null,"x":null})"),
            base);
  for (const char* volatile_key : {"modified_at", "modifiedDate", "created_at", "updatedAt", "last_seen_run"})
    EXPECT_EQ(hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":5}],"tag":"a",")" +
                   std::string(volatile_key) + R"(":"2026"})"),
              base)
        << volatile_key;
  EXPECT_NE(hash(R"({"sku":"S1","sale_price":2,"options":[{"id":1,"price":5}],"tag":"a"})"), base);
  EXPECT_NE(hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":6}],"tag":"a"})"), base);
  EXPECT_NE(hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":5}],"tag":"b"})"), base);
  EXPECT_NE(hash(R"({"sku":"S1","sale_price":1,"options":[{"id":1,"price":5}],"tag":"a","more":0})"), base);
}

TEST_F(RowParserTest, TheSourceIsPartOfTheContent) {
  const std::string row = R"({"sku":"S1","sale_price":1})";
  EXPECT_NE(product(row, "A").content_hash, product(row, "B").content_hash);
  EXPECT_EQ(product(row, "A").content_hash, product(R"({"sku":"S1","sale_price":1,"source":"A"})", "B").content_hash);
}

TEST_F(RowParserTest, AKeyCannotPassForAColumnsValue) {
  EXPECT_NE(hash(R"({"sku":"S1","sale_price":1,"a":"x","b":"y"})"),
            hash(R"({"sku":"S1","sale_price":1,"a\"=\"x\"\n\"b":"y"})"));
}

TEST_F(RowParserTest, OnlyTheStoresOwnRowsNeedAPrice) {
  EXPECT_THAT(fault(R"({"sku":"S1","name":"n"})"), HasSubstr("has no sale_price"));
  EXPECT_EQ(product(R"({"sku":"S1","name":"n"})", "AFFILIATE_SHOPPING_CONNECT").sale_price, std::nullopt);
  EXPECT_EQ(product(R"({"sku":"S1","source":"AFFILIATE_SHOPPING_CONNECT"})").sale_price, std::nullopt);
  EXPECT_THAT(fault(R"({"sku":"S1","source":"MY_STORE"})", "OTHER"), HasSubstr("has no sale_price"));
}

TEST_F(RowParserTest, APartMayLackThePriceButNotTakeItAway) {
  RowParser parser("MY_STORE", RowParser::Says::part);
  const auto fault = [&](const std::string& json) { return parser.parse(padded(json), product_); };
  EXPECT_EQ(fault(R"({"sku":"S1","name":"n"})"), "");
  EXPECT_FALSE(may_be_new(product_));
  EXPECT_THAT(fault(R"({"sku":"S1","sale_price":null})"), HasSubstr("has no sale_price"));
  EXPECT_EQ(fault(R"({"sku":"S1","sale_price":0})"), "");
  EXPECT_TRUE(may_be_new(product_));
  EXPECT_EQ(fault(R"({"sku":"S1","source":"OTHER","sale_price":null})"), "");
  EXPECT_TRUE(may_be_new(product_));
}

TEST_F(RowParserTest, FaultsAreNamed) {
  EXPECT_THAT(fault(R"({"sale_price":1})"), StrEq("has no sku"));
  EXPECT_THAT(fault(R"({"sku":null,"sale_price":1})"), StrEq("has no sku"));
  EXPECT_THAT(fault(R"({"sku":"","sale_price":1})"), StrEq("sku is empty"));
  EXPECT_THAT(fault(R"({"sku":"a\nb","sale_price":1})"), StrEq("sku has a control character"));
  EXPECT_THAT(fault(R"({"sku":true,"sale_price":1})"), StrEq("sku is true, not a text"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":"12.90"})"),
              StrEq("sale_price is no whole number such as 12000: `12.90`"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1.5})"), HasSubstr("sale_price is 1.5, not a whole number"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":true})"), HasSubstr("sale_price is true, not a whole number"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":-1})"), StrEq("sale_price is -1, below zero"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":9223372036854775808})"), HasSubstr("of at most 64 bits"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":99999999999999999999})"), HasSubstr("beyond 64 bits"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1,"x":99999999999999999999})"), HasSubstr("beyond 64 bits"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1,"name":["a"]})"), StrEq(R"(name is ["a"], not a text)"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1,"salePrice":2})"),
              StrEq("sale_price is given twice, with different values"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":"x","name":{}})"),
              AllOf(HasSubstr("sale_price is"), HasSubstr("; name is")));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1,"source":""})"), StrEq("its source is empty"));
  EXPECT_THAT(fault("[]"), StrEq("is no JSON object"));
  EXPECT_THAT(fault("12"), StrEq("is no JSON object"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1)"), HasSubstr("is no valid JSON, at byte "));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1}{"sku":"T"})"), HasSubstr("is no valid JSON"));
  EXPECT_THAT(fault(R"({"sku":"S","weight":1e900,"name":"unclosed})"), HasSubstr("is no valid JSON: "));
  EXPECT_THAT(fault("{\"sku\":\"S\",\"weight\":1e900,\"name\":\"\xb8\"}"), HasSubstr("is not UTF-8: "));
  EXPECT_THAT(fault("{\"sku\":\"S\",\"name\":\"\xb8\xd3\",\"sale_price\":1}"),
              HasSubstr("is not UTF-8, at byte 20 of the row"));
  EXPECT_THAT(fault(R"({"sku":"S","sale_price":1,"x":)" + std::string(2000, '[') + std::string(2000, ']') + "}"),
              StrEq("is nested too deeply"));
}

TEST_F(RowParserTest, HalfASurrogatePairIsNoText) {
  for (const char* text : {R"(\ud800)", R"(\udc00)", R"(\ud800\u0041)", R"(\udc00\ud800)"})
    for (const char* key : {"sku", "name", "modified_at", "unknown"})
      EXPECT_NE(fault(R"({"sale_price":1,"sku":"S",")" + std::string(key) + R"(":")" + text + R"("})"), "")
          << key << text;
}

TEST_F(RowParserTest, TheSameNameTwiceWithTheSameValueIsNoFault) {
  EXPECT_EQ(product(R"({"sku":"S","sale_price":5,"salePrice":5})").sale_price, 5);
}

TEST_F(RowParserTest, FindsTheSkuWithoutParsing) {
  RowParser parser("MY_STORE");
  const auto find = [&](const std::string& json) { return std::string(parser.find_sku(padded(json))); };
  EXPECT_EQ(find(R"({"sku":"S1"})"), "S1");
  EXPECT_EQ(find(R"({"a":{"sku":"no"},"b":["sku"],"sku":"S2"})"), "S2");
  EXPECT_EQ(find(R"({"sku":"\uac00"})"), "가");
  EXPECT_EQ(find(R"({"a":1})"), "");
  EXPECT_EQ(find("nonsense"), "");
  EXPECT_EQ(find(""), "");
}

std::vector<catalogue::Change> diff_rows(std::string_view before, const char* after) {
  catalogue::Product product;
  product.raw_json = after;
  return make_row_diff()(before, product);
}

TEST(RowDiff, TellsWhatHasNoColumn) {
  const auto changes = diff_rows(
      R"({"sku":"S","sale_price":1,"options":[{"id":1,"price":5},{"id":2,"price":6}],"text":"a","gone":1})",
      R"({"sku":"S","sale_price":2,"options":[{"id":0,"price":1},{"id":1,"price":5},{"id":2,"price":7}],"text":"b"})");
  std::vector<std::string> told;
  for (const auto& c : changes)
    told.push_back(std::string(to_string(c.reason)) + " " + c.field + " " + c.before + " " + c.after);
  EXPECT_THAT(told, ElementsAre("CONTENT gone 1 null", "OPTION options[id=2].price 6 7", R"(CONTENT text "a" "b")",
                                "OPTION options[id=0].id null 0", "OPTION options[id=0].price null 1"));
}

TEST(RowDiff, OfADetailOfTheStoreOnlyWhatTheRowHasAsWellCounts) {
  const auto told = [](const char* before, const char* after) {
    std::vector<std::string> changes;
    for (const auto& c : diff_rows(before, after)) changes.push_back(c.field + " " + c.before + " " + c.after);
    return changes;
  };
  const char* const detail = R"({"originProduct":{"name":"n","stock":4}})";
  EXPECT_THAT(told(detail, R"({"sku":"S","x":1})"), ElementsAre("x null 1"));
  EXPECT_THAT(told(detail, R"({"originProduct":{"name":"n","stock":4},"sku":"S","x":1})"), ElementsAre("x null 1"));
  EXPECT_THAT(told(R"({"sku":"S","x":1})", detail), ElementsAre());
  EXPECT_THAT(told("no json", R"({"sku":"S","x":1})"), ElementsAre());
}

}  // namespace
}  // namespace pipeline::upsert
