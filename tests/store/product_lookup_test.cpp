#include "pipeline/store/product_lookup.h"

#include "pipeline/store/product_writer.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProductLookupTest : public StoreTest {
 protected:
  void write(const std::string& sku, const std::string& code, const std::string& source = "MY_STORE") {
    catalogue::Product product = make_product(sku);
    product.source = source;
    product.seller_management_code = code;
    Transaction transaction(database_);
    writer_.write(product);
    transaction.commit();
  }
  void remove(const std::string& sku) {
    const std::string sql =
        "UPDATE products SET removed_at = 1790000000000 WHERE source = 'MY_STORE' AND sku = '" + sku + "'";
    database_.execute("test", sql.c_str());
  }
  std::vector<std::string> skus_of(std::string_view name) {
    std::vector<std::string> skus;
    for (const auto& found : lookup_.find(name)) skus.push_back(found.product.sku);
    return skus;
  }
  std::vector<std::string> names_of(std::string_view name) {
    std::vector<std::string> names;
    for (const auto& found : lookup_.find(name)) names.push_back(found.name);
    return names;
  }

  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  ProductWriter writer_{database_, metrics_, {}, "run"};
  ProductLookup lookup_{database_};
};

TEST_F(ProductLookupTest, FindsBySku) {
  write("100", "CODE-A");
  EXPECT_THAT(skus_of("100"), ElementsAre("100"));
  EXPECT_THAT(skus_of("101"), IsEmpty());
}

TEST_F(ProductLookupTest, ReadsEveryColumnButTheBodies) {
  write("100", "CODE-A");
  const auto found = lookup_.find("100").at(0);
  catalogue::Product expected = make_product("100");
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

TEST_F(ProductLookupTest, ColumnsThatAreNotSetStayEmpty) {
  database_.execute("test",
                    "INSERT INTO products (sku, parse_status, created_at, updated_at, last_seen_run, source, raw_json) "
                    "VALUES ('7', 'PARSE_FAIL', 1, 1, 'run', 'MY_STORE', '?')");
  const auto found = lookup_.find("7").at(0);
  EXPECT_EQ(found.product.parse_status, catalogue::ParseStatus::fail);
  EXPECT_EQ(found.product.name, std::nullopt);
  EXPECT_EQ(found.product.sale_price, std::nullopt);
  EXPECT_EQ(found.product.content_hash, std::nullopt);
}

TEST_F(ProductLookupTest, ASkuOfSeveralSourcesNamesAllOfThem) {
  write("100", "CODE-A");
  write("100", "CODE-B", "OTHER");
  write("200", "CODE-C", "OTHER");
  EXPECT_THAT(names_of("100"), ElementsAre("MY_STORE:100", "OTHER:100"));
  EXPECT_THAT(names_of("OTHER:100"), ElementsAre("OTHER:100"));
  EXPECT_THAT(names_of("NOBODY:100"), IsEmpty());
  EXPECT_THAT(names_of("CODE-B"), ElementsAre("OTHER:100"));
  EXPECT_THAT(names_of("200"), ElementsAre("200"));
  EXPECT_THAT(names_of("OTHER:200"), ElementsAre("200"));
}

TEST_F(ProductLookupTest, ANameDoesNotPassFromARemovedProductToAnother) {
  write("100", "CODE-A");
  write("100", "CODE-B", "OTHER");
  remove("100");
  EXPECT_THAT(names_of("100"), ElementsAre("MY_STORE:100", "OTHER:100"));
}

TEST_F(ProductLookupTest, SourcesAndSkusMayHaveColons) {
  write("a:b", "CODE-A", "X:Y");
  write("Y:a:b", "CODE-B", "Z");
  EXPECT_THAT(names_of("a:b"), ElementsAre("a:b"));
  EXPECT_THAT(names_of("X:Y:a:b"), ElementsAre("a:b"));
  EXPECT_THAT(names_of("Y:a:b"), ElementsAre("Y:a:b"));
}

TEST_F(ProductLookupTest, OnlyASkuIsMeantWhereNoSellerCodeIsTaken) {
  write("100", "CODE-A");
  EXPECT_EQ(lookup_.find_by_sku("100").size(), 1U);
  EXPECT_EQ(lookup_.find_by_sku("MY_STORE:100").size(), 1U);
  EXPECT_TRUE(lookup_.find_by_sku("CODE-A").empty());
}

TEST_F(ProductLookupTest, ASkuComesBeforeASellerCode) {
  write("100", "CODE-A");
  write("200", "100");
  EXPECT_THAT(skus_of("100"), ElementsAre("100"));
}

TEST_F(ProductLookupTest, ASellerCodeMayNameSeveral) {
  write("200", "CODE-A");
  write("100", "CODE-A");
  write("300", "CODE-B");
  EXPECT_THAT(skus_of("CODE-A"), ElementsAre("100", "200"));
  EXPECT_THAT(skus_of("CODE-B"), ElementsAre("300"));
}

TEST_F(ProductLookupTest, ASellerCodeNamesWhatIsStillThere) {
  write("100", "CODE-A");
  write("200", "CODE-A");
  remove("100");
  EXPECT_THAT(skus_of("CODE-A"), ElementsAre("200"));
  remove("200");
  EXPECT_THAT(skus_of("CODE-A"), ElementsAre("100", "200"));
  EXPECT_EQ(lookup_.find("100").at(0).removed_at, WallTime(std::chrono::milliseconds(1'790'000'000'000)));
}

}  // namespace
}  // namespace pipeline::store
