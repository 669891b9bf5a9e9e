#include "sku_index.h"

#include "catalogue.h"
#include "schema.h"
#include "store_fixture.h"

namespace pipeline::store::sqlite {
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
  WriteOutcome write(const catalogue::Product& product) {
    const std::vector<Delivery> deliveries{{&product}};
    return catalogue_.write({.products = deliveries}, {.run_id = "run-1"}).outcomes.at(0);
  }

  std::shared_ptr<Connection> connection_ =
      std::make_shared<Connection>(path_, Connection::Mode::read_write, clock_, &metrics_);
  Connection& database_ = *connection_;
  Runs runs_{connection_};
  Catalogue catalogue_{connection_, runs_};
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
  const Connection reopened(path_, Connection::Mode::read_write, clock_, &metrics_);
  EXPECT_FALSE(has_sku_index(database_));
}

TEST_F(SkuIndexTest, ADatabaseThatHoldsProductsIsLeftAlone) {
  (void)write(make_product("1"));
  EXPECT_THAT(message_of<UsageError>([&] { drop_sku_index(database_); }),
              AllOf(HasSubstr(path_.string()), HasSubstr("--db")));
  EXPECT_TRUE(has_sku_index(database_));
  EXPECT_EQ(number(database_, "SELECT count(*) FROM products"), 1);
}

TEST_F(SkuIndexTest, WithoutItEachProductIsStillStoredOnce) {
  drop_sku_index(database_);
  EXPECT_EQ(write(make_product("1")), WriteOutcome::inserted);
  EXPECT_EQ(write(make_product("2")), WriteOutcome::inserted);
  EXPECT_EQ(write(make_product("1")), WriteOutcome::unchanged);
  EXPECT_EQ(write(make_product("2", "second")), WriteOutcome::updated);
  EXPECT_EQ(texts(database_, "SELECT sku FROM products ORDER BY rowid"), (std::vector<std::string>{"1", "2"}));
}

}  // namespace
}  // namespace pipeline::store::sqlite
