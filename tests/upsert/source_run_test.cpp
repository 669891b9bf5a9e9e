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

TEST(SourceRun, ANumberThatTwoSourcesGiveIsOfTwoProducts) {
  UpsertStand stand;
  (void)stand.feed(lines({row("1", 1000), row("2", 1000)}));
  const std::string own = "SELECT * FROM products WHERE source = 'MY_STORE' ORDER BY sku";
  const auto products = stand.query(own);
  for (const char* hash_skip : {"on", "off"}) {
    const auto summary = stand.feed(row("1", 900) + "\n", {"--source", kAffiliate, "--hash-skip", hash_skip});
    EXPECT_EQ(summary["exit_code"], 0);
    EXPECT_EQ(stand.query(own), products);
    EXPECT_EQ(stand.query("SELECT sku, sale_price FROM products WHERE source <> 'MY_STORE'"), (SqlRows{{"1", "900"}}));
  }
  const auto named = stand.feed(row("1", 800, R"(,"source":"MY_STORE")") + "\n", {"--source", kAffiliate});
  EXPECT_EQ(named["updated"], 1);
  EXPECT_EQ(stand.query("SELECT source, sale_price FROM products WHERE sku = '1' ORDER BY source"),
            (SqlRows{{kAffiliate, "900"}, {"MY_STORE", "800"}}));
  EXPECT_EQ(stand.query("SELECT source, reason FROM refresh_queue WHERE sku = '1' ORDER BY source"),
            (SqlRows{{kAffiliate, "NEW"}, {"MY_STORE", "NEW,PRICE"}}));
}

TEST(SourceRun, RowsOfTwoSourcesStayApartWithinAFile) {
  UpsertStand stand;
  const auto of = [](int price, const char* source) {
    return row("1", price, std::string(R"(,"source":")") + source + '"');
  };
  const auto rows = lines({of(1, "MY_STORE"), of(2, kAffiliate), of(3, "MY_STORE"), of(4, kAffiliate)});
  const auto summary = stand.feed(rows);
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(summary["superseded"], 2);
  EXPECT_EQ(stand.query("SELECT source, sale_price FROM products ORDER BY source"),
            (SqlRows{{kAffiliate, "4"}, {"MY_STORE", "3"}}));
}

TEST(SourceRun, WhatIsCompleteIsOfItsSourceAlone) {
  UpsertStand stand;
  (void)stand.feed(lines({row("1", 1000), row("2", 1000)}));
  (void)stand.feed(lines({row("1", 900), row("2", 900)}), {"--source", kAffiliate});
  const auto rows = lines({row("1", 900), row("2", 1000, R"(,"source":"MY_STORE")")});
  const auto summary = stand.feed(rows, {"--source", kAffiliate, "--complete"});
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_EQ(stand.query("SELECT source, sku FROM products WHERE removed_at IS NOT NULL"), (SqlRows{{kAffiliate, "2"}}));
}

}  // namespace
}  // namespace pipeline::test
