#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace pipeline::test {
namespace {

using emulator::Edit;
using emulator::Endpoint;
using nlohmann::json;

emulator::Options store_of(std::size_t products) {
  emulator::Options options;
  options.products = products;
  return options;
}

// A product that has options and no trait that would blur an edit.
std::vector<std::int64_t> plain_products(emulator::Emulator& store, std::size_t count) {
  std::set<std::int64_t> odd;
  for (const auto trait : {emulator::Trait::no_options, emulator::Trait::unmanaged_stock, emulator::Trait::two_channels,
                           emulator::Trait::missing_fields, emulator::Trait::unknown_fields})
    for (const auto no : store.channel_nos_with(trait)) odd.insert(no);
  std::vector<std::int64_t> plain;
  for (const auto no : store.channel_nos())
    if (!odd.contains(no) && plain.size() < count) plain.push_back(no);
  return plain;
}

TEST(Change, FirstSyncBringsEveryProductOnce) {
  SyncStand stand(store_of(700));
  const auto summary = stand.summary();
  const auto size = stand.store().size();

  EXPECT_EQ(summary["status"], "ok");
  EXPECT_EQ(summary["listed"], size);
  EXPECT_EQ(summary["new"], size);
  EXPECT_EQ(summary["detail_fetched"], size);
  EXPECT_EQ(summary["enqueued"], size);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE parse_status = 'OK'"), std::to_string(size));
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue WHERE reason = 'NEW' AND status = 'PENDING'"),
            std::to_string(size));

  const auto stats = stand.store().stats();
  EXPECT_EQ(stats.tokens_issued, 1U);
  EXPECT_EQ(stats.requests_to(Endpoint::list), 2U);
  EXPECT_EQ(stats.distinct_details, size);
  EXPECT_EQ(stats.duplicate_details, 0U);
}

TEST(Change, SecondSyncFetchesAndWritesNothing) {
  SyncStand stand(store_of(700));
  (void)stand.summary();
  const auto rows = stand.query("SELECT * FROM products ORDER BY sku");
  const auto queue = stand.query("SELECT * FROM refresh_queue ORDER BY id");
  stand.store().reset_stats();

  const auto summary = stand.summary();
  EXPECT_EQ(summary["unchanged"], stand.store().size());
  EXPECT_EQ(summary["written"], 0);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), 0U);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::list), 2U);
  EXPECT_LE(stand.store().stats().requests_to(Endpoint::token), 1U);
  EXPECT_EQ(stand.query("SELECT * FROM products ORDER BY sku"), rows);
  EXPECT_EQ(stand.query("SELECT * FROM refresh_queue ORDER BY id"), queue);
}

TEST(Change, FullFetchesAllAndStillWritesNothingThatIsEqual) {
  SyncStand stand(store_of(60));
  (void)stand.summary();
  stand.store().reset_stats();
  const auto summary = stand.summary({"--no-incremental"});
  EXPECT_EQ(summary["detail_fetched"], stand.store().size());
  EXPECT_EQ(summary["written"], 0);
  EXPECT_EQ(stand.store().stats().distinct_details, stand.store().size());
}

TEST(Change, TenEditsAreTenDetailsAndTenQueueEntriesWithTheirReasons) {
  SyncStand stand(store_of(300));
  (void)stand.summary();
  stand.execute("DELETE FROM refresh_queue");
  stand.store().reset_stats();

  const auto nos = plain_products(stand.store(), 10);
  ASSERT_EQ(nos.size(), 10U);
  const std::vector<std::pair<Edit, std::string>> edits{
      {{.kind = Edit::Kind::set_price, .channel_no = nos[0], .value = 12'345}, "PRICE"},
      {{.kind = Edit::Kind::set_stock, .channel_no = nos[1], .value = 3}, "STOCK"},
      {{.kind = Edit::Kind::set_name, .channel_no = nos[2], .text = "새 이름 \"따옴표\" 🎁"}, "CONTENT"},
      {{.kind = Edit::Kind::set_status, .channel_no = nos[3], .text = "OUTOFSTOCK"}, "STATUS"},
      {{.kind = Edit::Kind::set_display_status, .channel_no = nos[4], .text = "SUSPENSION"}, "STATUS"},
      {{.kind = Edit::Kind::set_detail_text, .channel_no = nos[5], .text = "<p>새 설명</p>"}, "CONTENT"},
      {{.kind = Edit::Kind::set_option_price, .channel_no = nos[6], .value = 700, .option = 0}, "OPTION"},
      {{.kind = Edit::Kind::set_option_stock, .channel_no = nos[7], .value = 1, .option = 0}, "OPTION"},
      {{.kind = Edit::Kind::add_option, .channel_no = nos[8], .text = "새 색상"}, "OPTION"},
      {{.kind = Edit::Kind::set_price, .channel_no = nos[9], .value = 0}, "PRICE"},
  };
  for (const auto& [edit, reason] : edits) stand.store().edit(edit);

  const auto summary = stand.summary();
  EXPECT_EQ(summary["changed"], 10);
  EXPECT_EQ(summary["enqueued"], 10);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), 10U);
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "10");
  for (const auto& [edit, reason] : edits) {
    EXPECT_EQ(stand.value("SELECT reason FROM refresh_queue WHERE sku = '" + std::to_string(edit.channel_no) + "'"),
              reason)
        << edit.channel_no;
  }
  const auto changes =
      json::parse(stand.value("SELECT changes FROM refresh_queue WHERE sku = '" + std::to_string(nos[0]) + "'"));
  const auto price = std::ranges::find_if(changes, [](const json& change) { return change["field"] == "sale_price"; });
  ASSERT_NE(price, changes.end());
  EXPECT_EQ((*price)["new"], 12'345);
  EXPECT_EQ(stand.value("SELECT sale_price FROM products WHERE sku = '" + std::to_string(nos[0]) + "'"), "12345");
}

TEST(Change, AnEditBeforeTheEntryIsWorkedOffIsMergedIntoIt) {
  SyncStand stand(store_of(30));
  (void)stand.summary();
  stand.execute("DELETE FROM refresh_queue");
  const auto no = plain_products(stand.store(), 1).front();
  stand.store().edit({.kind = Edit::Kind::set_price, .channel_no = no, .value = 111});
  (void)stand.summary();
  stand.store().edit({.kind = Edit::Kind::set_stock, .channel_no = no, .value = 5});
  (void)stand.summary();

  const auto rows = stand.query("SELECT reason FROM refresh_queue");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NE(rows[0][0].find("PRICE"), std::string::npos);
  EXPECT_NE(rows[0][0].find("STOCK"), std::string::npos);
}

TEST(Change, AMovedDateWithoutAChangeIsNotedButNotQueued) {
  SyncStand stand(store_of(30));
  (void)stand.summary();
  stand.execute("DELETE FROM refresh_queue");
  const auto no = plain_products(stand.store(), 1).front();
  const auto price = stand.store().find(no)->price;
  stand.store().edit({.kind = Edit::Kind::set_price, .channel_no = no, .value = price});

  EXPECT_EQ(stand.summary()["detail_fetched"], 1);
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "0");
  EXPECT_EQ(stand.summary()["detail_fetched"], 0) << "the new date was not stored";
}

TEST(Change, DryRunTellsAndTouchesNothing) {
  SyncStand stand(store_of(30));
  const auto first = stand.summary({"--dry-run"});
  EXPECT_EQ(first["new"], stand.store().size());
  EXPECT_FALSE(std::filesystem::exists(stand.db()));
  EXPECT_FALSE(std::filesystem::exists(stand.metrics()));

  (void)stand.summary();
  const auto no = plain_products(stand.store(), 1).front();
  stand.store().edit({.kind = Edit::Kind::set_price, .channel_no = no, .value = 4'200});
  const auto gone = stand.store().channel_nos().back();
  stand.store().remove(gone);
  stand.store().reset_stats();
  const auto rows = stand.query("SELECT * FROM products ORDER BY sku");

  const auto summary = stand.summary({"--dry-run"});
  EXPECT_EQ(summary["changed"], 1);
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_TRUE(summary["metrics_csv"].is_null());
  ASSERT_EQ(summary["plan"].size(), 2U);
  EXPECT_EQ(summary["plan"][0]["sku"], std::to_string(no));
  EXPECT_EQ(summary["plan"][0]["action"], "changed");
  EXPECT_EQ(summary["plan"][1]["sku"], std::to_string(gone));
  EXPECT_EQ(summary["plan"][1]["action"], "removed");
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), 0U);
  EXPECT_EQ(stand.query("SELECT * FROM products ORDER BY sku"), rows);
  EXPECT_EQ(stand.value("SELECT count(*) FROM runs"), "1");
}

TEST(Change, LimitTakesTheFirstListedAndNoMore) {
  SyncStand stand(store_of(300));
  const auto summary = stand.summary({"--limit", "25", "--page-size", "10"});
  EXPECT_EQ(summary["listed"], 25);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), 25U);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), "25");
}

TEST(Change, StatusFilterIsTheServers) {
  SyncStand stand(store_of(100));
  const auto no = plain_products(stand.store(), 1).front();
  stand.store().edit({.kind = Edit::Kind::set_status, .channel_no = no, .text = "CLOSE"});
  const auto summary = stand.summary({"--status", "CLOSE"});
  EXPECT_GE(summary["listed"], 1);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE status <> 'CLOSE'"), "0");
  EXPECT_EQ(stand.value("SELECT status FROM products WHERE sku = '" + std::to_string(no) + "'"), "CLOSE");
}

}  // namespace
}  // namespace pipeline::test
