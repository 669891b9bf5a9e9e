#include "pipeline/store/sku_index.h"

#include "pipeline/store/product_writer.h"
#include "pipeline/store/schema.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SkuIndexTest : public StoreTest {
 protected:
  std::vector<std::string> indexes() {
    return texts(database_, "SELECT name FROM pragma_index_list('products') ORDER BY name");
  }
  std::vector<std::string> columns() {
    return texts(database_, "SELECT name || ' ' || type || ' ' || \"notnull\" FROM pragma_table_info('products')");
  }
  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
};

TEST_F(SkuIndexTest, ANewDatabaseHasIt) {
  EXPECT_TRUE(has_sku_index(database_));
}

TEST_F(SkuIndexTest, OnlyTheKeyIsDropped) {
  const auto before = columns();
  drop_sku_index(database_);
  EXPECT_FALSE(has_sku_index(database_));
  EXPECT_EQ(columns(), before);
  EXPECT_THAT(indexes(), ::testing::ElementsAre("products_by_seller_code", "products_present"));
  EXPECT_EQ(text(database_, "SELECT \"strict\" FROM pragma_table_list('products')"), "1");
  EXPECT_EQ(number(database_, "PRAGMA user_version"), kSchemaVersion);
}

TEST_F(SkuIndexTest, ItStaysDropped) {
  drop_sku_index(database_);
  const Database reopened(path_, Database::Mode::read_write, clock_, metrics_);
  EXPECT_FALSE(has_sku_index(database_));
}

TEST_F(SkuIndexTest, ADatabaseThatHoldsProductsIsLeftAlone) {
  ProductWriter writer(database_, metrics_, {}, "run-1");
  writer.write(make_product("1"));
  EXPECT_THAT(message_of<UsageError>([&] { drop_sku_index(database_); }),
              AllOf(HasSubstr(path_.string()), HasSubstr("--db")));
  EXPECT_TRUE(has_sku_index(database_));
  EXPECT_EQ(number(database_, "SELECT count(*) FROM products"), 1);
}

TEST_F(SkuIndexTest, WithoutItEachProductIsStillStoredOnce) {
  drop_sku_index(database_);
  ProductWriter writer(database_, metrics_, {}, "run-1", {.sku_is_key = false});
  EXPECT_EQ(writer.write(make_product("1")), WriteOutcome::inserted);
  EXPECT_EQ(writer.write(make_product("2")), WriteOutcome::inserted);
  EXPECT_EQ(writer.write(make_product("1")), WriteOutcome::unchanged);
  EXPECT_EQ(writer.write(make_product("2", "second")), WriteOutcome::updated);
  EXPECT_EQ(texts(database_, "SELECT sku FROM products ORDER BY rowid"), (std::vector<std::string>{"1", "2"}));
}

}  // namespace
}  // namespace pipeline::store
