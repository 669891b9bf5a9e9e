#include "pipeline/store/product_lookup.h"

#include "pipeline/store/product_writer.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProductLookupTest : public StoreTest {
 protected:
  void write(const std::string& sku, const std::string& code) {
    catalogue::Product product = make_product(sku);
    product.seller_management_code = code;
    Transaction transaction(database_);
    writer_.write(product);
    transaction.commit();
  }
  void remove(const std::string& sku) {
    const std::string sql = "UPDATE products SET removed_at = 1790000000000 WHERE sku = '" + sku + "'";
    database_.execute("test", sql.c_str());
  }
  std::vector<std::string> skus_of(std::string_view name) {
    std::vector<std::string> skus;
    for (const auto& found : lookup_.find(name)) skus.push_back(found.product.sku);
    return skus;
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
