#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kAffiliate = "AFFILIATE_SHOPPING_CONNECT";

TEST(SourceRun, ItIsTheOptionsUnlessTheRowNamesOne) {
  UpsertStand stand;
  const auto rows = lines({R"({"sku":"1","name":"no price"})", R"({"sku":"2","source":"MY_STORE","sale_price":5})"});
  const auto summary = stand.feed(rows, {"--source", kAffiliate});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(stand.query("SELECT sku, source, sale_price FROM products ORDER BY sku"),
            (SqlRows{{"1", kAffiliate, "NULL"}, {"2", "MY_STORE", "5"}}));
}

TEST(SourceRun, ARowOfTheOwnStoreNeedsAPrice) {
  UpsertStand stand;
  const auto summary =
      stand.feed(lines({R"({"sku":"1"})", R"({"sku":"2","source":"AFFILIATE_SHOPPING_CONNECT"})", row("3", 1)}));
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["inserted"], 2);
  ASSERT_EQ(summary["failures"].size(), 1U);
  EXPECT_THAT(summary["failures"].at(0)["error"], AllOf(HasSubstr("sale_price"), HasSubstr("MY_STORE")));
}

TEST(SourceRun, AProductOfAnotherSourceIsLeftAlone) {
  UpsertStand stand;
  (void)stand.feed(lines({row("1", 1000), row("2", 1000)}));
  const auto products = stand.query("SELECT * FROM products");
  for (const char* hash_skip : {"on", "off"}) {
    const auto summary = stand.feed(row("1", 900) + "\n", {"--source", kAffiliate, "--hash-skip", hash_skip});
    EXPECT_EQ(summary["exit_code"], 3);
    EXPECT_EQ(summary["rejected"], 1);
    EXPECT_THAT(summary["failures"].at(0)["error"],
                AllOf(HasSubstr("product 1"), HasSubstr("another source"), HasSubstr("--source")));
    EXPECT_EQ(stand.query("SELECT * FROM products"), products);
  }
  const auto named = stand.feed(row("1", 900, R"(,"source":"MY_STORE")") + "\n", {"--source", kAffiliate});
  EXPECT_EQ(named["updated"], 1);
}

}  // namespace
}  // namespace pipeline::test
