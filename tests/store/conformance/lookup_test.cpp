#include "engines.h"

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LookupConformance : public ConformanceTest {
 protected:
  void put(const std::string& sku, const std::string& code, const std::string& source = "MY_STORE") {
    catalogue::Product product = make_product(sku);
    product.source = source;
    product.seller_management_code = code;
    write(product);
  }
  std::vector<std::string> names_of(std::string_view name) {
    std::vector<std::string> names;
    for (const auto& found : catalogue().find(name)) names.push_back(found.name);
    return names;
  }
};
HOLD_EVERY_ENGINE(LookupConformance);

TEST_P(LookupConformance, EveryColumnIsReadButTheBodies) {
  put("100", "CODE-A");
  const auto found = catalogue().find("100").at(0);
  const catalogue::Product expected = make_product("100");
  EXPECT_EQ(found.name, "100");
  EXPECT_EQ(found.removed_at, std::nullopt);
  const catalogue::Product& product = found.product;
  EXPECT_EQ(product.content_hash, expected.content_hash);
  EXPECT_EQ(product.parse_status, catalogue::ParseStatus::ok);
  EXPECT_EQ(product.modified_at, expected.modified_at);
  EXPECT_EQ(product.source, expected.source);
  EXPECT_EQ(product.origin_product_no, expected.origin_product_no);
  EXPECT_EQ(product.channel_product_no, expected.channel_product_no);
  EXPECT_EQ(product.seller_management_code, "CODE-A");
  EXPECT_EQ(product.name, expected.name);
  EXPECT_EQ(product.status, expected.status);
  EXPECT_EQ(product.display_status, expected.display_status);
  EXPECT_EQ(product.sale_price, expected.sale_price);
  EXPECT_EQ(product.discounted_price, expected.discounted_price);
  EXPECT_EQ(product.stock_quantity, expected.stock_quantity);
  EXPECT_EQ(product.category_id, expected.category_id);
  EXPECT_EQ(product.category_name, expected.category_name);
  EXPECT_EQ(product.brand, expected.brand);
  EXPECT_EQ(product.manufacturer, expected.manufacturer);
  EXPECT_EQ(product.image_url, expected.image_url);
  EXPECT_EQ(product.raw_json, "");
}

TEST_P(LookupConformance, ColumnsThatAreNotSetStayEmpty) {
  catalogue::Product bare;
  bare.source = "MY_STORE";
  bare.sku = "7";
  bare.parse_status = catalogue::ParseStatus::fail;
  write(bare);
  const auto found = catalogue().find("7").at(0);
  EXPECT_EQ(found.product.parse_status, catalogue::ParseStatus::fail);
  EXPECT_EQ(found.product.name, std::nullopt);
  EXPECT_EQ(found.product.sale_price, std::nullopt);
  EXPECT_EQ(found.product.content_hash, std::nullopt);
}

TEST_P(LookupConformance, ASkuComesBeforeASellerCode) {
  put("100", "CODE-A");
  put("200", "100");
  EXPECT_THAT(names_of("100"), ElementsAre("100"));
  EXPECT_THAT(names_of("101"), IsEmpty());
}

TEST_P(LookupConformance, ASellerCodeMayNameSeveral) {
  put("200", "CODE-A");
  put("100", "CODE-A");
  put("300", "CODE-B");
  EXPECT_THAT(names_of("CODE-A"), ElementsAre("100", "200"));
  EXPECT_THAT(names_of("CODE-B"), ElementsAre("300"));
}

TEST_P(LookupConformance, ASellerCodeNamesWhatIsStillThere) {
  put("100", "CODE-A");
  put("200", "CODE-A");
  remove("100");
  EXPECT_THAT(names_of("CODE-A"), ElementsAre("200"));
  remove("200");
  EXPECT_THAT(names_of("CODE-A"), ElementsAre("100", "200"));
  EXPECT_EQ(catalogue().find("100").at(0).removed_at, clock_.wall());
}

TEST_P(LookupConformance, ASkuOfSeveralSourcesNamesAllOfThem) {
  put("100", "CODE-A");
  put("100", "CODE-B", "OTHER");
  put("200", "CODE-C", "OTHER");
  EXPECT_THAT(names_of("100"), ElementsAre("MY_STORE:100", "OTHER:100"));
  EXPECT_THAT(names_of("OTHER:100"), ElementsAre("OTHER:100"));
  EXPECT_THAT(names_of("NOBODY:100"), IsEmpty());
  EXPECT_THAT(names_of("CODE-B"), ElementsAre("OTHER:100"));
  EXPECT_THAT(names_of("200"), ElementsAre("200"));
  EXPECT_THAT(names_of("OTHER:200"), ElementsAre("200"));
}

TEST_P(LookupConformance, ANameDoesNotPassFromARemovedProductToAnother) {
  put("100", "CODE-A");
  put("100", "CODE-B", "OTHER");
  remove("100");
  EXPECT_THAT(names_of("100"), ElementsAre("MY_STORE:100", "OTHER:100"));
}

TEST_P(LookupConformance, SourcesAndSkusMayHaveColons) {
  put("a:b", "CODE-A", "X:Y");
  put("Y:a:b", "CODE-B", "Z");
  EXPECT_THAT(names_of("a:b"), ElementsAre("a:b"));
  EXPECT_THAT(names_of("X:Y:a:b"), ElementsAre("a:b"));
  EXPECT_THAT(names_of("Y:a:b"), ElementsAre("Y:a:b"));
}

TEST_P(LookupConformance, OnlyASkuIsMeantWhereNoSellerCodeIsTaken) {
  put("100", "CODE-A");
  EXPECT_EQ(catalogue().find_by_sku("100").size(), 1U);
  EXPECT_EQ(catalogue().find_by_sku("MY_STORE:100").size(), 1U);
  EXPECT_THAT(catalogue().find_by_sku("CODE-A"), IsEmpty());
}

TEST_P(LookupConformance, AnOwnerIsRememberedForEachSource) {
  EXPECT_FALSE(catalogue().owner_of("MY_STORE"));
  catalogue().remember({"MY_STORE", hash_of("one"), "aaaa", ""});
  catalogue().remember({"MY_STORE", hash_of("two"), "bbbb", "cccc"});
  const auto owner = catalogue().owner_of("MY_STORE");
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->source, "MY_STORE");
  EXPECT_EQ(owner->digest, hash_of("two"));
  EXPECT_EQ(owner->client_id_end, "bbbb");
  EXPECT_EQ(owner->account_id_end, "cccc");
  EXPECT_FALSE(catalogue().owner_of("OTHER"));
}

TEST_P(LookupConformance, AnOwnerComesWithTheProductsOrNotAtAll) {
  const catalogue::SourceIdentity owner{"MY_STORE", hash_of("one"), "aaaa", ""};
  const auto first = make_product("1");
  const auto second = make_product("1", "second");
  const Writing dies{.run_id = "run", .body_diff = [](std::string_view, const catalogue::Product&) {
                       throw Error("in mid-batch");
                       return std::vector<catalogue::Change>{};
                     }};
  const std::vector<Delivery> both{{&first}, {&second}};
  EXPECT_THROW((void)catalogue().write({.products = both, .owner = &owner}, dies), Error);
  EXPECT_FALSE(catalogue().owner_of("MY_STORE"));
  (void)catalogue().write({.products = both, .owner = &owner}, {});
  EXPECT_TRUE(catalogue().owner_of("MY_STORE"));
}

}  // namespace
}  // namespace pipeline::store
