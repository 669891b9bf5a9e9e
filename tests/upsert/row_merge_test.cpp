#include "pipeline/upsert/row_merge.h"

#include "pipeline/upsert/row_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {
namespace {

using ::testing::Eq;
using ::testing::Optional;

catalogue::Product parsed(std::string row, const std::string& source = "FEED") {
  row.reserve(row.size() + simdjson::SIMDJSON_PADDING);
  catalogue::Product product;
  EXPECT_EQ(RowParser(source, RowParser::Says::part).parse(row, product), "") << row;
  return product;
}

std::optional<std::string> join(std::string_view earlier, std::string_view later) {
  RowMerge merge;
  const auto joined = merge.join(std::vector{earlier, later});
  return joined ? std::optional<std::string>(*joined) : std::nullopt;
}

TEST(RowMerge, TheLaterRowHasTheLastWordOnWhatItNames) {
  EXPECT_THAT(join(R"({"sku":"1","name":"a","x":1})", R"({"sku":"1","stock_quantity":5,"x":2})"),
              Optional(Eq(R"({"name":"a","sku":"1","stock_quantity":5,"x":2})")));
  EXPECT_THAT(join(R"({"sku":"1","name":"a"})", R"({"sku":"1","name":null,"x":2})"), Eq(std::nullopt));
  EXPECT_THAT(join(R"({"sku":"1","name":null,"y":null})", R"({"sku":"1","x":2})"),
              Optional(Eq(R"({"name":null,"y":null,"sku":"1","x":2})")));
}

TEST(RowMerge, AnyNumberOfRowsIsJoined) {
  RowMerge merge;
  const std::vector<std::string_view> rows{R"({"sku":"1","a":1,"name":"x"})", R"({"sku":"1","b":2,"a":null})",
                                           R"({"sku":"1","c":3})", R"({"sku":"1","name":"y","d":4})"};
  EXPECT_THAT(merge.join(rows), Optional(Eq(R"({"b":2,"a":null,"c":3,"sku":"1","name":"y","d":4})")));
}

TEST(RowMerge, AColumnIsTheSameWhateverItIsCalled) {
  EXPECT_THAT(join(R"({"sku":"1","salePrice":1})", R"({"sku":"1","sale_price":2})"), Eq(std::nullopt));
  EXPECT_THAT(join(R"({"sku":"1","representativeImage":{"url":"a"},"SALEPRICE":1})", R"({"sku":"1","image_url":"b"})"),
              Optional(Eq(R"({"SALEPRICE":1,"sku":"1","image_url":"b"})")));
}

TEST(RowMerge, WhatStaysIsSpeltAsItWas) {
  EXPECT_THAT(join(R"( { "sku" : "1", "a\"b" : [ 1.50, {"c" : "\uac00"} ] , "d":12.0 ,"e":true} )", R"({"sku":"1"})"),
              Optional(Eq(R"({"a\"b":[ 1.50, {"c" : "\uac00"} ],"d":12.0,"e":true,"sku":"1"})")));
}

TEST(RowMerge, AStoredProductIsCompletedByColumnAndByKey) {
  RowMerge merge;
  auto stored = parsed(R"({"sku":"1","salePrice":10,"name":"n \"q\"","brand":"b","colour":"red","size":null,"w":1})");
  EXPECT_THAT(merge.complete(stored, R"({"sku":"1","brand":null,"w":null,"stockQuantity":3})"),
              Optional(Eq(R"({"name":"n \"q\"","sale_price":10,"colour":"red","sku":"1","stockQuantity":3})")));
  EXPECT_TRUE(merge.body_was_row());
  EXPECT_THAT(merge.complete(stored, R"({"sku":"1","sale_price":1,"name":"m","brand":"c","colour":"blue","w":null})"),
              Eq(std::nullopt));
}

TEST(RowMerge, ADetailOfTheStoreStaysBesideItsColumns) {
  RowMerge merge;
  catalogue::Product stored;
  stored.sku = "1";
  stored.name = "n";
  stored.raw_json = R"({"originProduct":{"name":"n","stockQuantity":4},"smartstoreChannelProduct":{}})";
  EXPECT_THAT(merge.complete(stored, R"({"sku":"1","stock_quantity":3})"),
              Optional(Eq(R"({"name":"n","originProduct":{"name":"n","stockQuantity":4},"smartstoreChannelProduct":{},)"
                          R"("sku":"1","stock_quantity":3})")));
  EXPECT_FALSE(merge.body_was_row());
}

TEST(RowMerge, OfABodyThatCannotBeReadTheColumnsStay) {
  RowMerge merge;
  catalogue::Product stored;
  stored.sku = "1";
  stored.name = "n";
  for (const char* body : {"", "{\"half\":", "[1]", "\xff\xfe"}) {
    stored.raw_json = body;
    EXPECT_THAT(merge.complete(stored, R"({"sku":"1","brand":"b"})"),
                Optional(Eq(R"({"name":"n","sku":"1","brand":"b"})")))
        << body;
  }
}

// --- what the writer is told ---

class CompletionTest : public ::testing::Test {
 protected:
  enum class Got { news, no_news, nothing };
  Got complete(const catalogue::Product& stored, const std::string& row, const std::string& source = "FEED") {
    const auto delivered = parsed(row, source);
    row_hash_ = *delivered.row_hash;
    const auto completion = make_completion(source);
    const auto [product, has_news] = completion(stored, delivered);
    if (product == nullptr) return Got::nothing;
    product_ = *product;
    return has_news ? Got::news : Got::no_news;
  }
  bool is_part() const { return product_.row_hash == store::part_of(row_hash_); }

  catalogue::Product product_;
  Fingerprint row_hash_{};
};

TEST_F(CompletionTest, APartIsCompletedAndMarkedAsOne) {
  const auto stored = parsed(R"({"sku":"1","name":"n","sale_price":10,"colour":"red"})");
  EXPECT_EQ(complete(stored, R"({"sku":"1","sale_price":12})"), Got::news);
  EXPECT_EQ(product_.name, "n");
  EXPECT_EQ(product_.sale_price, 12);
  EXPECT_EQ(product_.raw_json, R"({"name":"n","colour":"red","sku":"1","sale_price":12})");
  EXPECT_TRUE(is_part());
  EXPECT_EQ(product_.content_hash, parsed(R"({"colour":"red","salePrice":12.0,"sku":"1","name":"n"})").content_hash);
}

TEST_F(CompletionTest, ARowThatSaysItAllIsNoPart) {
  const auto stored = parsed(R"({"sku":"1","name":"n","colour":"red"})");
  EXPECT_EQ(complete(stored, R"({"sku":"1","name":"m","colour":null})"), Got::news);
  EXPECT_EQ(product_.raw_json, R"({"sku":"1","name":"m","colour":null})");
  EXPECT_FALSE(is_part());
}

TEST_F(CompletionTest, WhatIsStoredAlreadyIsNoNews) {
  const auto stored = parsed(R"({"sku":"1","name":"n","colour":{"a":1,"b":2},"modified_at":"2026-01-01"})");
  for (const char* row : {R"({"sku":"1"})", R"({"sku":"1","name":"\u006e"})", R"({"sku":"1","colour":{"b":2,"a":1}})",
                          R"({"sku":"1","brand":null,"size":null})", R"({"sku":"1","modifiedDate":"2026-02-01"})"})
    EXPECT_EQ(complete(stored, row), Got::no_news) << row;
  for (const char* row : {R"({"sku":"1","name":null})", R"({"sku":"1","name":"o"})", R"({"sku":"1","colour":{"a":1}})",
                          R"({"sku":"1","size":1})"})
    EXPECT_EQ(complete(stored, row), Got::news) << row;
}

TEST_F(CompletionTest, TheSameHoldsOfAProductThatWasNoRow) {
  catalogue::Product stored;
  stored.sku = "1";
  stored.source = "MY_STORE";
  stored.name = "n";
  stored.stock_quantity = 4;
  stored.content_hash = Sha256{1};  // as the store's own details are hashed
  stored.raw_json = R"({"originProduct":{"name":"n"}})";
  EXPECT_EQ(complete(stored, R"({"sku":"1","stock_quantity":4})", "MY_STORE"), Got::no_news);
  EXPECT_EQ(complete(stored, R"({"sku":"1","stock_quantity":5})", "MY_STORE"), Got::news);
  EXPECT_EQ(complete(stored, R"({"sku":"1","stock_quantity":5,"source":"MY_STORE"})", "OTHER"), Got::news);
  EXPECT_EQ(product_.source, "MY_STORE");
  EXPECT_EQ(product_.name, "n");
}

TEST_F(CompletionTest, WhatNoRowMaySayCannotBeCompleted) {
  catalogue::Product stored;
  stored.sku = "1";
  stored.source = "FEED";
  stored.stock_quantity = -4;  // put there by hand
  stored.raw_json = "{}";
  EXPECT_EQ(complete(stored, R"({"sku":"1","name":"n"})"), Got::nothing);
  EXPECT_EQ(complete(stored, R"({"sku":"1","stock_quantity":4})"), Got::news);
}

}  // namespace
}  // namespace pipeline::upsert
