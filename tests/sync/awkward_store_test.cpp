#include "support/sync_stand.h"

#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using emulator::Trait;

// Quotes a value for SQL.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

TEST(AwkwardStore, EveryOddRowIsStoredAsTheStoreHasIt) {
  emulator::Options options;
  options.products = 200;
  SyncStand stand(options);
  ASSERT_EQ(stand.summary()["status"], "ok");
  for (std::size_t trait = 0; trait < emulator::kTraits; ++trait) {
    const auto nos = stand.store().channel_nos_with(static_cast<Trait>(trait));
    ASSERT_FALSE(nos.empty()) << "trait " << trait;
    for (const auto no : nos) {
      const auto product = *stand.store().find(no);
      const auto where = " FROM products WHERE sku = '" + std::to_string(no) + "'";
      EXPECT_EQ(stand.value("SELECT name = " + quoted(product.name) + where), "1") << no << " " << product.name;
      EXPECT_EQ(stand.value("SELECT sale_price" + where), std::to_string(product.price)) << no;
      EXPECT_EQ(stand.value("SELECT status" + where), product.status) << no;
      EXPECT_EQ(stand.value("SELECT origin_product_no" + where), std::to_string(product.origin_no)) << no;
      EXPECT_EQ(stand.value("SELECT seller_management_code" + where), product.seller_code.value_or("NULL")) << no;
    }
  }
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE NOT json_valid(raw_json) OR NOT json_valid(list_json)"),
            "0");
}

TEST(AwkwardStore, VolatileFieldsAndMovingKeysFakeNoChange) {
  emulator::Options options;
  options.products = 100;
  options.volatile_fields = true;
  options.moving_keys = true;
  SyncStand stand(options);
  ASSERT_FALSE(stand.store().channel_nos_with(Trait::volatile_field).empty());
  (void)stand.summary();
  EXPECT_EQ(stand.summary()["unchanged"], stand.store().size());
  EXPECT_EQ(stand.summary({"--full"})["written"], 0);
}

TEST(AwkwardStore, TwoChannelsOfOneOriginAreTwoProducts) {
  emulator::Options options;
  options.products = 100;
  SyncStand stand(options);
  (void)stand.summary();
  const auto nos = stand.store().channel_nos_with(Trait::two_channels);
  ASSERT_GE(nos.size(), 2U);
  EXPECT_GE(std::stoi(stand.value(
                "SELECT count(*) FROM (SELECT origin_product_no FROM products GROUP BY 1 HAVING count(*) = 2)")),
            1);
}

TEST(AwkwardStore, AnEmptyStoreIsFine) {
  emulator::Options options;
  options.products = 0;
  SyncStand stand(options);
  const auto summary = stand.summary();
  EXPECT_EQ(summary["status"], "ok");
  EXPECT_EQ(summary["listed"], 0);
}

}  // namespace
}  // namespace pipeline::test
