#include "pipeline/naver/product_list.h"

#include "pipeline/naver/list_row.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pipeline::naver {
namespace {

using catalogue::Reason;
using nlohmann::json;
using nlohmann::ordered_json;
using shop::ListPage;
using shop::ListQuery;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A channel product with every documented field.
json full_row() {
  return json::parse(R"({
    "originProductNo": 5001, "channelProductNo": 9001, "channelServiceType": "STOREFARM", "categoryId": "50000804",
    "name": "린넨 셔츠 \"여름\"", "sellerManagementCode": "SKU-1", "statusType": "SALE",
    "channelProductDisplayStatusType": "ON", "salePrice": 29000, "discountedPrice": 25000,
    "mobileDiscountedPrice": 24900, "stockQuantity": 12, "knowledgeShoppingProductRegistration": true,
    "deliveryAttributeType": "NORMAL", "deliveryFee": 3000, "returnFee": 2500, "exchangeFee": 5000,
    "saleStartDate": "2026-04-01T00:00:00.000+09:00", "saleEndDate": "2027-04-01T00:00:00.000+09:00",
    "wholeCategoryName": "패션의류>남성의류", "wholeCategoryId": "50000000>50000804",
    "representativeImage": {"url": "https://shop.example/1.jpg"}, "modelId": 77, "modelName": "LS-1",
    "brandName": "모어", "manufacturerName": "모어공장", "sellerTags": [{"code": 1, "text": "여름"}, {"text": "셔츠"}],
    "regDate": "2026-03-01T10:00:00.000+09:00", "modifiedDate": "2026-04-01T16:31:02.064+09:00"})");
}

json page_of(const std::vector<json>& rows) {
  json page = {
      {"contents", json::array()}, {"page", 1},     {"size", 500}, {"totalElements", rows.size()}, {"totalPages", 1},
      {"sort", json::object()},    {"first", true}, {"last", true}};
  for (const auto& row : rows) page["contents"].push_back({{"originProductNo", 5001}, {"channelProducts", {row}}});
  return page;
}

ListPage read_page(const std::string& body) {
  simdjson::dom::parser parser;
  return read_list_page(body, parser);
}

// What is stored of a row as list_json.
json json_of(const ListPage::Row& row) {
  return json::parse(read_row({row.list_hash, row.packed}).product.list_json.value());
}

Sha256 hash_of(const json& row) {
  const auto page = read_page(page_of({row}).dump());
  EXPECT_THAT(page.bad_rows, IsEmpty());
  return page.rows.at(0).list_hash;
}

// --- the request ---

TEST(ListRequest, AsksForOnePageInAStableOrder) {
  EXPECT_EQ(json::parse(list_request({}, 1)), json({{"page", 1}, {"size", 500}, {"orderType", "NO"}}));
}

TEST(ListRequest, CarriesTheFilters) {
  const ListQuery query{
      .page_size = 50, .statuses = {"SALE", "CLOSE"}, .modified_since = "2026-04-01", .modified_until = "2026-04-02"};
  EXPECT_EQ(json::parse(list_request(query, 7)), json({{"page", 7},
                                                       {"size", 50},
                                                       {"orderType", "NO"},
                                                       {"productStatusTypes", {"SALE", "CLOSE"}},
                                                       {"periodType", "PROD_MOD_DAY"},
                                                       {"fromDate", "2026-04-01"},
                                                       {"toDate", "2026-04-02"}}));
}

TEST(ListRequest, AsksForASliceByDayOfRegistration) {
  ListQuery query;
  query.registered_from = "2026-04-01";
  query.registered_until = "2026-04-02";
  const auto body = json::parse(list_request(query, 1));
  EXPECT_EQ(body["periodType"], "PROD_REG_DAY");
  EXPECT_EQ(body["fromDate"], "2026-04-01");
  EXPECT_EQ(body["toDate"], "2026-04-02");
}

// --- the page ---

TEST(ListPage, ReadsTheDocumentedShape) {
  auto body = page_of({full_row()});
  body["totalElements"] = 1234;
  body["totalPages"] = 3;
  const auto page = read_page(body.dump());
  EXPECT_EQ(page.total_elements, 1234);
  EXPECT_EQ(page.total_pages, 3);
  EXPECT_EQ(page.elements, 1);
  EXPECT_THAT(page.bad_rows, IsEmpty());
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].sku, "9001");
  EXPECT_EQ(json_of(page.rows[0]), full_row());
}

TEST(ListPage, OneEntryCanHoldSeveralChannelProducts) {
  auto window = full_row();
  window["channelProductNo"] = 9002;
  window["channelServiceType"] = "WINDOW";
  auto body = page_of({full_row()});
  body["contents"][0]["channelProducts"].push_back(window);
  const auto page = read_page(body.dump());
  EXPECT_EQ(page.elements, 1);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].sku, "9001");
  EXPECT_EQ(page.rows[1].sku, "9002");
  EXPECT_NE(page.rows[0].list_hash, page.rows[1].list_hash);
}

TEST(ListPage, OnlyTheNumberHasToBeThere) {
  const auto page = read_page(page_of({{{"channelProductNo", 9223372036854775807}}}).dump());
  EXPECT_THAT(page.bad_rows, IsEmpty());
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].sku, "9223372036854775807");
}

TEST(ListPage, UnknownFieldsAndEnumsAreKept) {
  auto row = full_row();
  row["statusType"] = "PAUSED_BY_ALIENS";
  row["channelServiceType"] = "MOON";
  row["viewCount"] = {{"today", 3.5}};
  const auto page = read_page(page_of({row}).dump());
  EXPECT_THAT(page.bad_rows, IsEmpty());
  EXPECT_EQ(json_of(page.rows.at(0)), row);
}

TEST(ListPage, AnEmptyPageIsAPage) {
  const auto page = read_page(page_of({}).dump());
  EXPECT_EQ(page.elements, 0);
  EXPECT_THAT(page.rows, IsEmpty());
  EXPECT_EQ(fault_of(read_page(page_of({}).dump())), "");
}

struct BadRow {
  std::string_view key;
  json value;
  std::string_view sku;
  std::string_view error;
};

TEST(ListPage, RowsThatBreakTheContractAreSetApart) {
  const BadRow cases[] = {
      {"salePrice", "29000", "9001", "salePrice"},
      {"salePrice", 29000.5, "9001", "salePrice"},
      {"salePrice", -1, "9001", "salePrice is -1, below zero"},
      {"stockQuantity", 9223372036854775808U, "9001", "stockQuantity"},
      {"discountedPrice", json::array(), "9001", "discountedPrice"},
      {"name", 7, "9001", "name"},
      {"statusType", {{"code", "SALE"}}, "9001", "statusType"},
      {"modifiedDate", 1775000000, "9001", "modifiedDate"},
      {"representativeImage", "https://shop.example/1.jpg", "9001", "representativeImage"},
      {"representativeImage", {{"url", 5}}, "9001", "url"},
      {"originProductNo", "5001", "9001", "originProductNo"},
      {"channelProductNo", nullptr, "entry 1 of the page", "channelProductNo is missing"},
      {"channelProductNo", "9001", "entry 1 of the page", "channelProductNo"},
      {"channelProductNo", 0, "0", "channelProductNo"},
      {"channelProductNo", -9, "-9", "channelProductNo"},
  };
  for (const auto& [key, value, sku, error] : cases) {
    auto bad = full_row();
    bad[std::string(key)] = value;
    auto good = full_row();
    good["channelProductNo"] = 9009;
    const auto body = page_of({bad, good}).dump();
    const auto page = read_page(body);
    ASSERT_EQ(page.bad_rows.size(), 1U) << key << " " << value;
    EXPECT_EQ(page.bad_rows[0].sku, sku);
    EXPECT_THAT(page.bad_rows[0].error, HasSubstr(std::string(error)));
    EXPECT_EQ(fault_of(page), "") << "the others are told";
    EXPECT_THAT(fault_of(read_page(page_of({bad}).dump())), HasSubstr(page.bad_rows[0].error)) << "none can be read";
    ASSERT_EQ(page.rows.size(), 1U) << key << " " << value;
    EXPECT_EQ(page.rows[0].sku, "9009");
    EXPECT_EQ(page.elements, 2);
  }
}

TEST(ListPage, AnEntryMayHaveNoChannelProducts) {
  auto body = page_of({full_row()});
  body["contents"].push_back({{"originProductNo", 5002}});
  body["contents"].push_back({{"originProductNo", 5003}, {"channelProducts", nullptr}});
  body["contents"].push_back({{"originProductNo", 5004}, {"channelProducts", json::array()}});
  const auto page = read_page(body.dump());
  EXPECT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.elements, 4);
  EXPECT_THAT(page.bad_rows, IsEmpty());
  EXPECT_EQ(fault_of(read_page(body.dump())), "");
}

TEST(ListPage, WithoutHitsItMayHaveNoContents) {
  auto body = page_of({});
  for (const auto& contents : {json(nullptr), json::array()}) {
    body["contents"] = contents;
    EXPECT_EQ(fault_of(read_page(body.dump())), "") << contents;
    EXPECT_THAT(read_page(body.dump()).rows, IsEmpty());
  }
  body.erase("contents");
  EXPECT_EQ(fault_of(read_page(body.dump())), "");
}

TEST(ListPage, WhatTheDocumentationAllowsIsTaken) {
  auto row = full_row();
  row["saleStartDate"] = "2026-01-05T00:00+09:00";
  row["modifiedDate"] = "2026-02-01T01:02:03.45+09:00";
  for (const auto* field : {"representativeImage", "injectProductNo", "modelName", "brandName", "sellerTags",
                            "sellerManagementCode", "discountedPrice", "stockQuantity"})
    row[field] = nullptr;
  row["multiPurchaseDiscount"] = 0;
  row["multiPurchaseDiscountUnitType"] = "PERCENT";
  row["sellerPurchasePoint"] = 0.5;
  row["textReviewPoint"] = 50;
  row["freeInterest"] = 3;
  row["gift"] = "";
  auto body = page_of({row});
  body["contents"][0]["groupProductNo"] = nullptr;
  const auto page = read_page(body.dump());
  EXPECT_THAT(page.bad_rows, IsEmpty());
  EXPECT_EQ(json_of(page.rows.at(0)), row);
}

TEST(ListPage, EntriesThatAreNoneAreSetApart) {
  auto body = page_of({full_row()});
  body["contents"].push_back({{"originProductNo", 5002}, {"channelProducts", "none"}});
  body["contents"].push_back("entry");
  body["contents"].push_back({{"channelProducts", {"product"}}});
  const auto page = read_page(body.dump());
  EXPECT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.elements, 4);
  std::vector<std::string> places;
  for (const auto& row : page.bad_rows) places.push_back(row.sku);
  EXPECT_THAT(places, ElementsAre("entry 2 of the page", "entry 3 of the page", "entry 4 of the page"));
}

TEST(ListPage, OfABrokenPageNothingIsTaken) {
  auto without = [](const char* key) {
    auto page = page_of({full_row()});
    page.erase(key);
    return page.dump();
  };
  auto with = [](const char* key, const json& value) {
    auto page = page_of({full_row()});
    page[key] = value;
    return page.dump();
  };
  const std::string whole = page_of({full_row()}).dump();
  for (const std::string& body :
       {std::string(), whole.substr(0, whole.size() / 2), whole + "}", std::string("<html>"), std::string("[]"),
        std::string("null"), without("contents"), without("totalElements"), without("totalPages"),
        with("contents", json::object()), with("totalElements", "1"), with("totalPages", 1.5)}) {
    const auto page = read_page(body);
    EXPECT_THAT(page.error, testing::Not(IsEmpty())) << body;
    EXPECT_EQ(fault_of(page), page.error);
    EXPECT_THAT(page.rows, IsEmpty());
  }
  EXPECT_EQ(fault_of(read_page(whole)), "");
}

// --- list_hash ---

TEST(ListHash, DoesNotDependOnTheSpelling) {
  const auto row = full_row();
  ordered_json reversed;
  for (auto member = row.rbegin(); member != row.rend(); ++member) reversed[member.key()] = *member;
  auto body = page_of({});
  const auto text = fmt::format(R"({{"contents":[{{"channelProducts":[ {} ]}}],"totalElements":1,"totalPages":1}})",
                                reversed.dump(2, ' ', true));
  EXPECT_EQ(read_page(text).rows.at(0).list_hash, hash_of(row));
}

TEST(ListHash, IgnoresWhatTheDocumentationDoesNotNameAndTheDeprecatedPrice) {
  auto row = full_row();
  row["viewCount"] = 17;
  row["textReviewPoint"] = 500;
  row["mobileDiscountedPrice"] = 1;
  EXPECT_EQ(hash_of(row), hash_of(full_row()));
}

TEST(ListHash, NullIsTheSameAsAbsent) {
  auto absent = full_row();
  absent.erase("brandName");
  auto null = full_row();
  null["brandName"] = nullptr;
  EXPECT_EQ(hash_of(null), hash_of(absent));
  EXPECT_NE(hash_of(null), hash_of(full_row()));
}

// The value of another row for each documented field, and why a post is looked at when it changes.
struct Changed {
  const char* field;
  json value;
  Reason reason;
};

const std::vector<Changed>& changes_of_each_field() {
  static const std::vector<Changed> all{
      {"originProductNo", 5002, Reason::content},
      {"channelProductNo", 9002, Reason::content},
      {"channelServiceType", "WINDOW", Reason::content},
      {"categoryId", "50000805", Reason::content},
      {"name", "린넨 셔츠", Reason::content},
      {"sellerManagementCode", "SKU-2", Reason::content},
      {"statusType", "OUTOFSTOCK", Reason::status},
      {"channelProductDisplayStatusType", "SUSPENSION", Reason::status},
      {"salePrice", 29001, Reason::price},
      {"discountedPrice", 25001, Reason::price},
      {"stockQuantity", 11, Reason::stock},
      {"knowledgeShoppingProductRegistration", false, Reason::content},
      {"deliveryAttributeType", "TODAY", Reason::content},
      {"deliveryFee", 0, Reason::content},
      {"returnFee", 0, Reason::content},
      {"exchangeFee", 0, Reason::content},
      {"saleStartDate", "2026-04-02T00:00:00.000+09:00", Reason::content},
      {"saleEndDate", nullptr, Reason::content},
      {"wholeCategoryName", "패션의류>여성의류", Reason::content},
      {"wholeCategoryId", "50000000>50000805", Reason::content},
      {"representativeImage", {{"url", "https://shop.example/2.jpg"}}, Reason::content},
      {"modelId", 78, Reason::content},
      {"modelName", "LS-2", Reason::content},
      {"brandName", "레스", Reason::content},
      {"manufacturerName", "레스공장", Reason::content},
      {"sellerTags", json::array(), Reason::content},
      {"regDate", "2026-03-02T10:00:00.000+09:00", Reason::content},
      {"modifiedDate", "2026-04-01T16:31:02.065+09:00", Reason::content},
  };
  return all;
}

TEST(ListHash, ChangesWithEachDocumentedField) {
  const auto before = hash_of(full_row());
  for (const auto& [field, value, reason] : changes_of_each_field()) {
    auto row = full_row();
    row[field] = value;
    EXPECT_NE(hash_of(row), before) << field;
  }
}

TEST(DiffListRows, NamesTheFieldBothValuesAndTheReason) {
  for (const auto& [field, value, reason] : changes_of_each_field()) {
    auto row = full_row();
    row[field] = value;
    const auto changes = diff_list_rows(full_row().dump(), row.dump());
    ASSERT_EQ(changes.size(), 1U) << field;
    EXPECT_EQ(changes[0].field, field);
    EXPECT_EQ(changes[0].reason, reason) << field;
    EXPECT_EQ(json::parse(changes[0].before), full_row().at(field));
    EXPECT_EQ(json::parse(changes[0].after), value);
  }
}

TEST(DiffListRows, AgreesWithTheHashOnWhatDoesNotCount) {
  auto row = full_row();
  row["mobileDiscountedPrice"] = 1;
  row["viewCount"] = 17;
  EXPECT_THAT(diff_list_rows(full_row().dump(), row.dump()), IsEmpty());
  auto absent = full_row();
  absent.erase("brandName");
  auto null = full_row();
  null["brandName"] = nullptr;
  EXPECT_THAT(diff_list_rows(absent.dump(), null.dump()), IsEmpty());
}

// --- a row that waits ---

TEST(KeptRow, SaysThatWhichTheRowSaid) {
  const auto page = read_page(page_of({full_row()}).dump());
  const auto packed = read_row({{}, page.rows.at(0).packed});
  const auto stored = read_row({{}, full_row().dump(), false});
  for (const auto& row : {packed, stored}) {
    const auto& product = row.product;
    EXPECT_EQ(product.origin_product_no, 5001);
    EXPECT_EQ(product.name, "린넨 셔츠 \"여름\"");
    EXPECT_EQ(product.display_status, "ON");
    EXPECT_EQ(product.sale_price, 29000);
    EXPECT_EQ(product.category_id, "50000804");
    EXPECT_EQ(product.category_name, "패션의류>남성의류");
    EXPECT_EQ(product.image_url, "https://shop.example/1.jpg");
    EXPECT_EQ(product.modified_at, "2026-04-01T16:31:02.064+09:00");
    EXPECT_FALSE(row.is_of_window);
    EXPECT_EQ(json::parse(*product.list_json), full_row());
  }
}

TEST(KeptRow, LacksWhatTheRowLacksAndTakesAnyText) {
  auto row = full_row();
  row["channelServiceType"] = "WINDOW";
  row["name"] = std::string("12:-\0\x1f\n", 7);
  row["brandName"] = "";
  row["manufacturerName"] = nullptr;
  row.erase("stockQuantity");
  row["originProductNo"] = -9223372036854775807 - 1;
  const auto page = read_page(page_of({row}).dump());
  const auto kept = read_row({{}, page.rows.at(0).packed});
  EXPECT_TRUE(kept.is_of_window);
  EXPECT_EQ(kept.product.name, std::string("12:-\0\x1f\n", 7));
  EXPECT_EQ(kept.product.brand, "");
  EXPECT_EQ(kept.product.manufacturer, std::nullopt);
  EXPECT_EQ(kept.product.stock_quantity, std::nullopt);
  EXPECT_EQ(kept.product.origin_product_no, -9223372036854775807 - 1);
  EXPECT_EQ(json::parse(*kept.product.list_json), row);
}

}  // namespace
}  // namespace pipeline::naver
