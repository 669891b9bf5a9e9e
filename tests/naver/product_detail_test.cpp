#include "pipeline/naver/product_detail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pipeline::naver {
namespace {

using catalogue::ParseStatus;
using catalogue::Product;
using catalogue::Reason;
using nlohmann::json;
using nlohmann::ordered_json;
using shop::KeptRow;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace nlohmann::literals;

json full_detail() {
  return json::parse(R"({
    "originProduct": {
      "statusType": "SALE", "saleType": "NEW", "leafCategoryId": "50000804", "name": "린넨 셔츠 [원상품]",
      "detailContent": "<p>시원한 여름</p>", "saleStartDate": "2026-04-01T00:00:00.000+09:00",
      "images": {"representativeImage": {"url": "https://shop.example/detail.jpg"},
                 "optionalImages": [{"url": "https://shop.example/2.jpg"}, {"url": "https://shop.example/3.jpg"}]},
      "salePrice": 31000, "stockQuantity": 20, "deliveryInfo": {"deliveryType": "DELIVERY", "fee": 3000},
      "customerBenefit": {"point": 100},
      "detailAttribute": {
  "naverShoppingSearchInfo" : {"modelName" : "LS-1", "manufacturerName" : "상세공장", "brandName" : "상세모어"},
                              "sellerCodeInfo" : {"sellerManagementCode" : "DETAIL-1"},
                                                 "afterServiceInfo" : {"telephone" : "02-000-0000"},
                                                                      "optionInfo"
      : {
        "optionSimple" : [],
        "useStockManagement" : true,
        "optionCombinations" : [
          {"id" : 11, "optionName1" : "S", "stockQuantity" : 5, "price" : 0, "usable" : true},
          {"id" : 12, "optionName1" : "M", "stockQuantity" : 15, "price" : 1000, "usable" : true}
        ]
      },
        "seoInfo" : {
    "sellerTags" : [ {"text" : "여름"} ]
  }}},
    "smartstoreChannelProduct": {
  "channelProductName" : "린넨 셔츠",
                         "channelProductDisplayStatusType" : "SUSPENSION",
                                                             "naverShoppingRegistration" : true,
                                                                                           "storeKeepExclusiveProduct"
      : false
}
})");
}

// As it is stored with a product.
KeptRow list_row() {
  Sha256 hash;
  hash.fill(7);
  return {hash,
          R"({"originProductNo": 5001, "channelProductNo": 9001, "name": "린넨 셔츠", "sellerManagementCode": "SKU-1",
    "statusType": "OUTOFSTOCK", "channelProductDisplayStatusType": "ON", "salePrice": 29000, "discountedPrice": 25000,
    "stockQuantity": 12, "categoryId": "50000001", "wholeCategoryName": "패션의류>남성의류", "brandName": "모어",
    "manufacturerName": "모어공장", "representativeImage": {"url": "https://shop.example/list.jpg"},
    "modifiedDate": "2026-04-01T16:31:02.064+09:00"})",
          false};
}

Product make_product(std::string_view sku, const KeptRow& row, std::string body) {
  simdjson::dom::parser parser;
  return Detail(std::move(body), parser).take_product(sku, row);
}

std::string check_detail(std::string body) {
  simdjson::dom::parser parser;
  return Detail(std::move(body), parser).fault();
}

std::vector<catalogue::Change> diff_details(std::string_view before, std::string after) {
  simdjson::dom::parser parser;
  return Detail(std::move(after), parser).changes_since(before);
}

Product product_of(const json& detail) {
  return make_product("9001", list_row(), detail.dump());
}

// The detail with the value at a JSON pointer replaced, or put there.
json changed(const json::json_pointer& at, const json& value) {
  auto detail = full_detail();
  detail[at] = value;
  return detail;
}

json without(const json::json_pointer& holder, const char* key) {
  auto detail = full_detail();
  detail[holder].erase(key);
  return detail;
}

// --- columns ---

TEST(MakeProduct, TakesEachColumnFromTheRightSide) {
  const auto product = product_of(full_detail());
  EXPECT_EQ(product.sku, "9001");
  EXPECT_EQ(product.source, kSource);
  EXPECT_EQ(product.parse_status, ParseStatus::ok);
  EXPECT_EQ(product.parse_error, "");
  // Of the detail, which is the later of the two.
  EXPECT_EQ(product.status, "SALE");
  EXPECT_EQ(product.display_status, "SUSPENSION");
  EXPECT_EQ(product.sale_price, 31000);
  EXPECT_EQ(product.stock_quantity, 20);
  EXPECT_EQ(product.category_id, "50000804");
  EXPECT_EQ(product.image_url, "https://shop.example/detail.jpg");
  // Of the list.
  EXPECT_EQ(product.origin_product_no, 5001);
  EXPECT_EQ(product.channel_product_no, 9001);
  EXPECT_EQ(product.name, "린넨 셔츠");
  EXPECT_EQ(product.seller_management_code, "SKU-1");
  EXPECT_EQ(product.discounted_price, 25000);
  EXPECT_EQ(product.category_name, "패션의류>남성의류");
  EXPECT_EQ(product.brand, "모어");
  EXPECT_EQ(product.manufacturer, "모어공장");
  EXPECT_EQ(product.modified_at, "2026-04-01T16:31:02.064+09:00");
  EXPECT_EQ(product.list_hash, list_row().list_hash);
  EXPECT_EQ(json::parse(*product.list_json), json::parse(list_row().text));
  EXPECT_EQ(product.raw_json, full_detail().dump());
  EXPECT_TRUE(product.content_hash.has_value());
}

TEST(MakeProduct, EachSideFillsWhatTheOtherLacks) {
  const KeptRow bare{{}, R"({"channelProductNo": 9001})", false};
  const auto of_detail = make_product("9001", bare, full_detail().dump());
  EXPECT_EQ(of_detail.name, "린넨 셔츠 [원상품]");
  EXPECT_EQ(of_detail.seller_management_code, "DETAIL-1");
  EXPECT_EQ(of_detail.brand, "상세모어");
  EXPECT_EQ(of_detail.manufacturer, "상세공장");
  EXPECT_EQ(of_detail.origin_product_no, std::nullopt);

  const auto of_list = product_of({{"originProduct", {{"name", "n"}, {"statusType", "SALE"}, {"salePrice", 1}}}});
  EXPECT_EQ(of_list.parse_status, ParseStatus::ok);
  EXPECT_EQ(of_list.stock_quantity, 12);
  EXPECT_EQ(of_list.display_status, "ON");
  EXPECT_EQ(of_list.category_id, "50000001");
  EXPECT_EQ(of_list.image_url, "https://shop.example/list.jpg");
}

TEST(MakeProduct, AWindowProductHasItsOwnChannelObject) {
  auto detail = full_detail();
  detail["windowChannelProduct"] = detail["smartstoreChannelProduct"];
  detail.erase("smartstoreChannelProduct");
  EXPECT_EQ(product_of(detail).display_status, "SUSPENSION");
}

TEST(MakeProduct, OfTwoChannelObjectsTheListRowSaysWhichOneCounts) {
  auto detail = full_detail();
  detail["windowChannelProduct"] = {{"channelProductName", "윈도"}, {"channelProductDisplayStatusType", "WAIT"}};
  const auto status_in = [&](const char* service_type) {
    auto row = list_row();
    auto fields = json::parse(row.text);
    if (service_type != nullptr) fields["channelServiceType"] = service_type;
    row.text = fields.dump();
    return make_product("9001", row, detail.dump()).display_status;
  };
  EXPECT_EQ(status_in("WINDOW"), "WAIT");
  EXPECT_EQ(status_in("STOREFARM"), "SUSPENSION");
  EXPECT_EQ(status_in("MOON"), "SUSPENSION");
  EXPECT_EQ(status_in(nullptr), "SUSPENSION");
  detail["windowChannelProduct"] = nullptr;
  EXPECT_EQ(status_in("WINDOW"), "SUSPENSION") << "the only one there is";
}

TEST(MakeProduct, AChangeOfTheOtherChannelIsNone) {
  auto detail = full_detail();
  detail["windowChannelProduct"] = {{"channelProductDisplayStatusType", "WAIT"}};
  const auto before = product_of(detail);
  detail["windowChannelProduct"]["channelProductDisplayStatusType"] = "ON";
  EXPECT_EQ(product_of(detail).content_hash, before.content_hash);
}

TEST(MakeProduct, AListRowThatCanNotBeReadFailsThisProductAlone) {
  for (const auto* stored : {"", "not JSON", "[]", R"({"salePrice": "x"})"}) {
    const auto product = make_product("9001", {{}, stored, false}, full_detail().dump());
    EXPECT_EQ(product.parse_status, ParseStatus::fail) << stored;
    EXPECT_EQ(product.sku, "9001");
    EXPECT_FALSE(product.list_hash);
  }
}

TEST(DiffDetails, ABodyThatIsNoneDiffersInNothing) {
  for (const auto* body : {"", "not JSON", "[]", R"({"originProduct": 1})"}) {
    EXPECT_THAT(diff_details(body, full_detail().dump()), IsEmpty()) << body;
    EXPECT_THAT(diff_details(full_detail().dump(), body), IsEmpty()) << body;
  }
  auto odd = full_detail();
  odd["smartstoreChannelProduct"] = 7;
  EXPECT_NO_THROW((void)diff_details(odd.dump(), full_detail().dump()));
}

TEST(MakeProduct, KeepsUnknownEnumsAnd64BitNumbers) {
  auto detail = changed("/originProduct/statusType"_json_pointer, "PAUSED_BY_ALIENS");
  detail["originProduct"]["salePrice"] = 9223372036854775807;
  const auto product = product_of(detail);
  EXPECT_EQ(product.parse_status, ParseStatus::ok);
  EXPECT_EQ(product.status, "PAUSED_BY_ALIENS");
  EXPECT_EQ(product.sale_price, 9223372036854775807);
}

// --- bodies that break the contract ---

struct Broken {
  std::string body;
  std::string_view error;
};

TEST(CheckDetail, FindsNothingInAGoodOne) {
  EXPECT_EQ(check_detail(full_detail().dump()), "");
  EXPECT_EQ(check_detail(R"({"originProduct":{"name":"n","statusType":"SALE","salePrice":1}})"), "");
}

TEST(MakeProduct, ABrokenBodyIsAParseFailWithTheColumnsOfTheList) {
  const auto whole = full_detail().dump();
  auto with = [](const char* pointer, const json& value) { return changed(json::json_pointer(pointer), value).dump(); };
  const Broken cases[] = {
      {"", "not valid JSON"},
      {"<html>oops</html>", "not valid JSON"},
      {whole.substr(0, whole.size() - 1), "not valid JSON"},
      {whole.substr(0, whole.size() / 2), "not valid JSON"},
      {"{\"originProduct\":{\"name\":\"\xFF\"}}", "not valid JSON"},
      {R"({"originProduct":{"name":"n","statusType":"SALE","salePrice":18446744073709551616}})", "not valid JSON"},
      {R"({"originProduct":{"name":"n","statusType":"SALE","salePrice":9223372036854775808}})", "salePrice"},
      {"[]", "not a JSON object"},
      {"{}", "originProduct is missing"},
      {R"({"originProduct":null})", "originProduct is missing"},
      {R"({"originProduct":[]})", "originProduct"},
      {without("/originProduct"_json_pointer, "name").dump(), "name is missing"},
      {without("/originProduct"_json_pointer, "statusType").dump(), "statusType is missing"},
      {without("/originProduct"_json_pointer, "salePrice").dump(), "salePrice is missing"},
      {with("/originProduct/salePrice", "31000"), "salePrice"},
      {with("/originProduct/salePrice", 31000.5), "salePrice"},
      {with("/originProduct/stockQuantity", "20"), "stockQuantity"},
      {with("/originProduct/name", 5), "name"},
      {with("/originProduct/leafCategoryId", 50000804), "leafCategoryId"},
      {with("/originProduct/detailContent", json::object()), "detailContent"},
      {with("/originProduct/images", "x"), "images"},
      {with("/originProduct/images/representativeImage", "x"), "representativeImage"},
      {with("/originProduct/images/representativeImage/url", 1), "url"},
      {with("/originProduct/images/optionalImages", "x"), "optionalImages"},
      {with("/originProduct/detailAttribute", 1), "detailAttribute"},
      {with("/originProduct/detailAttribute/naverShoppingSearchInfo/brandName", 1), "brandName"},
      {with("/originProduct/detailAttribute/naverShoppingSearchInfo/manufacturerName", 1), "manufacturerName"},
      {with("/originProduct/detailAttribute/sellerCodeInfo/sellerManagementCode", 1), "sellerManagementCode"},
      {with("/originProduct/detailAttribute/optionInfo/optionCombinations", json::object()), "optionCombinations"},
      {with("/smartstoreChannelProduct", "x"), "smartstoreChannelProduct"},
      {with("/smartstoreChannelProduct/channelProductDisplayStatusType", 1), "channelProductDisplayStatusType"},
  };
  for (const auto& [body, error] : cases) {
    EXPECT_THAT(check_detail(body), HasSubstr(std::string(error))) << body;
    const auto product = make_product("9001", list_row(), body);
    EXPECT_EQ(product.parse_status, ParseStatus::fail) << body;
    EXPECT_EQ(product.parse_error, check_detail(body));
    EXPECT_EQ(product.raw_json, body);
    EXPECT_EQ(product.list_hash, std::nullopt);
    EXPECT_EQ(product.content_hash, std::nullopt);
    EXPECT_EQ(product.sale_price, 29000);
    EXPECT_EQ(product.status, "OUTOFSTOCK");
  }
}

// --- content_hash ---

TEST(ContentHash, DoesNotDependOnTheSpelling) {
  const auto detail = full_detail();
  ordered_json reversed;
  for (auto member = detail.rbegin(); member != detail.rend(); ++member) {
    ordered_json inner;
    for (auto below = member->rbegin(); below != member->rend(); ++below) inner[below.key()] = *below;
    reversed[member.key()] = inner;
  }
  EXPECT_EQ(make_product("9001", list_row(), reversed.dump(2, ' ', true)).content_hash,
            product_of(detail).content_hash);
}

TEST(ContentHash, IgnoresMembersTheDocumentationDoesNotName) {
  auto detail = full_detail();
  detail["viewCount"] = 5;
  detail["originProduct"]["viewCount"] = 6;
  detail["smartstoreChannelProduct"]["likes"] = 7;
  EXPECT_EQ(product_of(detail).content_hash, product_of(full_detail()).content_hash);
  EXPECT_THAT(diff_details(full_detail().dump(), detail.dump()), IsEmpty());
}

TEST(ContentHash, IgnoresWhenItWasModified) {
  auto row = list_row();
  auto json_row = json::parse(row.text);
  json_row["modifiedDate"] = "2027-01-01T00:00:00.000+09:00";
  row.text = json_row.dump();
  EXPECT_EQ(make_product("9001", row, full_detail().dump()).content_hash, product_of(full_detail()).content_hash);
}

TEST(ContentHash, ChangesWithTheListsOwnColumns) {
  for (const auto& [field, value] : std::map<std::string, json>{{"discountedPrice", 24000},
                                                                {"name", "다른 이름"},
                                                                {"sellerManagementCode", "SKU-2"},
                                                                {"wholeCategoryName", "다른 분류"},
                                                                {"brandName", "레스"},
                                                                {"manufacturerName", "레스공장"},
                                                                {"originProductNo", 5002}}) {
    auto row = list_row();
    auto json_row = json::parse(row.text);
    json_row[field] = value;
    row.text = json_row.dump();
    EXPECT_NE(make_product("9001", row, full_detail().dump()).content_hash, product_of(full_detail()).content_hash)
        << field;
  }
}

struct DetailChange {
  const char* pointer;
  json value;
  const char* path;  // in diff_details; null: the column tells it
  Reason reason = Reason::content;
};

const std::vector<DetailChange>& detail_changes() {
  static const std::vector<DetailChange> all{
      {"/originProduct/salePrice", 31001, nullptr},
      {"/originProduct/statusType", "CLOSE", nullptr},
      {"/originProduct/stockQuantity", 19, nullptr},
      {"/originProduct/leafCategoryId", "50000805", nullptr},
      {"/originProduct/images/representativeImage/url", "https://shop.example/x.jpg", nullptr},
      {"/smartstoreChannelProduct/channelProductDisplayStatusType", "ON", nullptr},
      {"/originProduct/name", "다른 이름", "originProduct.name"},
      {"/originProduct/saleType", "OLD", "originProduct.saleType"},
      {"/originProduct/detailContent", "<p>가을</p>", "originProduct.detailContent"},
      {"/originProduct/saleStartDate", "2026-05-01T00:00:00.000+09:00", "originProduct.saleStartDate"},
      {"/originProduct/saleEndDate", "2027-05-01T00:00:00.000+09:00", "originProduct.saleEndDate"},
      {"/originProduct/images/optionalImages/1/url", "https://shop.example/y.jpg",
       "originProduct.images.optionalImages[1].url"},
      {"/originProduct/deliveryInfo/fee", 0, "originProduct.deliveryInfo.fee"},
      {"/originProduct/customerBenefit/point", 200, "originProduct.customerBenefit.point"},
      {"/originProduct/detailAttribute/afterServiceInfo/telephone", "02-111-1111",
       "originProduct.detailAttribute.afterServiceInfo.telephone"},
      {"/originProduct/detailAttribute/seoInfo/sellerTags/0/text", "가을",
       "originProduct.detailAttribute.seoInfo.sellerTags[0].text"},
      {"/originProduct/detailAttribute/optionInfo/optionCombinations/1/stockQuantity", 14,
       "originProduct.detailAttribute.optionInfo.optionCombinations[id=12].stockQuantity", Reason::option},
      {"/originProduct/detailAttribute/optionInfo/optionCombinations/0/usable", false,
       "originProduct.detailAttribute.optionInfo.optionCombinations[id=11].usable", Reason::option},
      {"/originProduct/detailAttribute/optionInfo/useStockManagement", false,
       "originProduct.detailAttribute.optionInfo.useStockManagement", Reason::option},
      {"/smartstoreChannelProduct/channelProductName", "다른 이름", "smartstoreChannelProduct.channelProductName"},
      {"/smartstoreChannelProduct/naverShoppingRegistration", false,
       "smartstoreChannelProduct.naverShoppingRegistration"},
  };
  return all;
}

TEST(ContentHash, ChangesWithWhatAReaderWouldNotice) {
  for (const auto& change : detail_changes())
    EXPECT_NE(product_of(changed(json::json_pointer(change.pointer), change.value)).content_hash,
              product_of(full_detail()).content_hash)
        << change.pointer;
}

TEST(ContentHash, NullIsTheSameAsAbsent) {
  EXPECT_EQ(product_of(changed("/originProduct/saleEndDate"_json_pointer, nullptr)).content_hash,
            product_of(full_detail()).content_hash);
}

// --- diff_details ---

TEST(DiffDetails, NamesPathBothValuesAndReason) {
  for (const auto& [pointer_text, value, path, reason] : detail_changes()) {
    const json::json_pointer pointer(pointer_text);
    const auto changes = diff_details(full_detail().dump(), changed(pointer, value).dump());
    if (path == nullptr) {
      EXPECT_THAT(changes, IsEmpty()) << pointer_text;
      continue;
    }
    ASSERT_EQ(changes.size(), 1U) << pointer_text;
    EXPECT_EQ(changes[0].field, path);
    EXPECT_EQ(changes[0].reason, reason) << path;
    EXPECT_EQ(json::parse(changes[0].before), full_detail().contains(pointer) ? full_detail().at(pointer) : json());
    EXPECT_EQ(json::parse(changes[0].after), value);
  }
}

TEST(DiffDetails, FindsNothingBetweenTwoSpellings) {
  EXPECT_THAT(diff_details(full_detail().dump(), full_detail().dump(4, ' ', true)), IsEmpty());
}

TEST(DiffDetails, NullIsTheSameAsAbsent) {
  const auto null = changed("/originProduct/saleEndDate"_json_pointer, nullptr).dump();
  EXPECT_THAT(diff_details(full_detail().dump(), null), IsEmpty());
  EXPECT_THAT(diff_details(null, full_detail().dump()), IsEmpty());
}

TEST(DiffDetails, TheDisplayStatusOfAWindowProductHasItsColumnToo) {
  auto before = full_detail();
  before["windowChannelProduct"] = before["smartstoreChannelProduct"];
  before.erase("smartstoreChannelProduct");
  auto after = before;
  after["windowChannelProduct"]["channelProductDisplayStatusType"] = "ON";
  EXPECT_THAT(diff_details(before.dump(), after.dump()), IsEmpty());
}

TEST(DiffDetails, AnOptionPutInFrontDoesNotMakeTheOthersDiffer) {
  auto detail = full_detail();
  auto& options = detail["originProduct"]["detailAttribute"]["optionInfo"]["optionCombinations"];
  options.insert(options.begin(), json{{"id", 10}, {"optionName1", "XS"}});
  const auto changes = diff_details(full_detail().dump(), detail.dump());
  ASSERT_EQ(changes.size(), 2U);
  for (const auto& change : changes) {
    EXPECT_THAT(change.field, HasSubstr("optionCombinations[id=10]"));
    EXPECT_EQ(change.reason, Reason::option);
    EXPECT_EQ(change.before, "null");
  }
}

TEST(DiffDetails, AnOptionTakenAwayIsToldByItsMembers) {
  auto detail = full_detail();
  detail["originProduct"]["detailAttribute"]["optionInfo"]["optionCombinations"].erase(0);
  const auto changes = diff_details(full_detail().dump(), detail.dump());
  ASSERT_EQ(changes.size(), 5U);
  for (const auto& change : changes) {
    EXPECT_THAT(change.field, HasSubstr("optionCombinations[id=11]"));
    EXPECT_EQ(change.after, "null");
  }
}

TEST(DiffDetails, AMemberThatChangesItsShapeIsTold) {
  const auto after = changed("/originProduct/deliveryInfo/fee"_json_pointer, {{"base", 3000}});
  const auto changes = diff_details(full_detail().dump(), after.dump());
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].field, "originProduct.deliveryInfo.fee");
  EXPECT_EQ(changes[0].before, "3000");
  EXPECT_EQ(changes[0].after, "null");
  EXPECT_EQ(changes[1].field, "originProduct.deliveryInfo.fee.base");
  EXPECT_EQ(changes[1].after, "3000");
}

}  // namespace
}  // namespace pipeline::naver
