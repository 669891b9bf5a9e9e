#include "support/sync_stand.h"
#include "upsert_stand.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;

// The store and a file may speak of one product in turn. Their bodies have nothing in common but the columns.
TEST(SyncBetween, EachChangeIsToldByItsColumns) {
  emulator::Options options;
  options.products = 20;
  SyncStand stand(options);
  ASSERT_EQ(stand.sync().exit_code, 0);
  const auto sku = stand.value("SELECT sku FROM products ORDER BY sku");
  const auto upsert = [&](int price) {
    const auto input = input_of(fmt::format(R"({{"sku":"{}","name":"of a file","sale_price":{}}})", sku, price));
    return Process({pipeline_binary(), "upsert", "--json", "--db", stand.db().string(), "--metrics-dir",
                    stand.metrics().string(), "-"},
                   {}, stand.folder().path(), input)
        .wait();
  };
  const auto told = [&] {
    const auto entries = stand.query("SELECT sku, changes FROM refresh_queue WHERE status = 'PENDING'");
    EXPECT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.at(0).at(0), sku);
    EXPECT_LT(entries.at(0).at(1).size(), 2000U) << entries.at(0).at(1);
    json fields;
    for (const auto& change : json::parse(entries.at(0).at(1))) fields[change["field"]] = change["new"];
    stand.execute("DELETE FROM refresh_queue");
    return fields;
  };
  const auto synced = stand.query("SELECT name, sale_price, raw_json FROM products WHERE sku = '" + sku + "'");
  stand.execute("DELETE FROM refresh_queue");

  for (int round = 1; round <= 2; ++round) {
    const auto from_file = upsert(round);
    EXPECT_EQ(from_file.exit_code, 0) << from_file.err;
    EXPECT_EQ(stand.value("SELECT sale_price FROM products WHERE sku = '" + sku + "'"), std::to_string(round));
    auto fields = told();
    EXPECT_EQ(fields["sale_price"], round);
    EXPECT_EQ(fields["name"], "of a file");

    const auto from_store = stand.sync();
    EXPECT_EQ(from_store.exit_code, 0) << from_store.err;
    EXPECT_EQ(stand.query("SELECT name, sale_price, raw_json FROM products WHERE sku = '" + sku + "'"), synced);
    fields = told();
    EXPECT_EQ(fields["sale_price"], std::stoi(synced[0][1]));
    EXPECT_EQ(fields["name"], synced[0][0]);
  }
  EXPECT_EQ(stand.value("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace pipeline::test
