#include "pipeline/store/queue_list.h"

#include "pipeline/store/queue_claims.h"
#include "pipeline/store/refresh_queue.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class QueueListTest : public StoreTest {
 protected:
  // Entries 1 to 5: DONE, FAILED, CLAIMED by A, CLAIMED by B, PENDING.
  void SetUp() override {
    RefreshQueue queue(database_);
    QueueClaims claims(database_);
    queue.enqueue({"MY_STORE", "1"}, {{catalogue::Reason::price, "sale_price", "1", "2"}});
    queue.enqueue({"MY_STORE", "2"}, {{catalogue::Reason::price, "sale_price", "1", "2"},
                                      {catalogue::Reason::stock, "stock_quantity", "1", "2"}});
    queue.enqueue({"MY_STORE", "3"}, {{catalogue::Reason::status, "status", "1", "2"}});
    queue.enqueue({"MY_STORE", "4"}, {{catalogue::Reason::content, "name", "1", "2"}});
    queue.enqueue({"MY_STORE", "5"}, {{catalogue::Reason::option, "options", "1", "2"}});
    claim(claims, "A", 3);
    claim(claims, "B", 1);
    (void)claims.done(std::array<std::int64_t, 1>{1}, std::nullopt);
    (void)claims.fail(std::array<std::int64_t, 1>{2}, "no picture", std::nullopt, 1);
  }
  static void claim(QueueClaims& claims, std::string worker, std::int64_t limit) {
    (void)claims.claim({.worker = std::move(worker), .limit = limit, .lease = std::chrono::minutes(1)});
  }
  static std::vector<std::int64_t> ids(Database& database, const QueueFilter& filter) {
    std::vector<std::int64_t> all;
    QueueList(database).each(filter, [&](const catalogue::QueueEntry& entry) { all.push_back(entry.id); });
    return all;
  }
  std::vector<std::int64_t> ids(const QueueFilter& filter) { return ids(database_, filter); }

  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
};

TEST_F(QueueListTest, WithoutAFilterItIsAllOfThemOldestFirst) {
  EXPECT_THAT(ids({}), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(QueueListTest, EachFilterNarrowsIt) {
  EXPECT_THAT(ids({.statuses = {catalogue::QueueStatus::pending, catalogue::QueueStatus::done}}), ElementsAre(1, 5));
  EXPECT_THAT(ids({.sku = "3"}), ElementsAre(3));
  EXPECT_THAT(ids({.worker = "A"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(ids({.reasons = {"STOCK", "OPTION"}}), ElementsAre(2, 5));
  EXPECT_THAT(ids({.reasons = {"STAT"}}), IsEmpty());
  EXPECT_THAT(ids({.limit = 2}), ElementsAre(1, 2));
  EXPECT_THAT(ids({.reasons = {"PRICE", "STATUS"}, .limit = 2}), ElementsAre(1, 2));
  EXPECT_THAT(ids({.statuses = {catalogue::QueueStatus::claimed}, .worker = "B", .limit = 5}), ElementsAre(4));
  EXPECT_THAT(ids({.statuses = {catalogue::QueueStatus::done}, .worker = "B"}), IsEmpty());
}

TEST_F(QueueListTest, EachEntryHasItsColumns) {
  std::vector<catalogue::QueueEntry> all;
  QueueList(database_).each({.sku = "2"}, [&](const catalogue::QueueEntry& entry) { all.push_back(entry); });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].reason, "PRICE,STOCK");
  EXPECT_EQ(all[0].status, catalogue::QueueStatus::failed);
  EXPECT_EQ(all[0].attempts, 1);
  EXPECT_EQ(all[0].claimed_by, "A");
  EXPECT_EQ(all[0].lease_until, std::nullopt);
  EXPECT_EQ(all[0].finished_at, clock_.wall());
  EXPECT_EQ(all[0].error, "no picture");
}

TEST_F(QueueListTest, AReadOnlyDatabaseWillDo) {
  Database reader(path_, Database::Mode::read_only, clock_, metrics_);
  EXPECT_THAT(ids(reader, {.statuses = {catalogue::QueueStatus::pending}}), ElementsAre(5));
}

TEST_F(QueueListTest, WhatIsClaimedMeanwhileIsListedAsItWas) {
  Database reader(path_, Database::Mode::read_only, clock_, metrics_);
  QueueClaims claims(database_);
  std::vector<std::string> seen;
  QueueList(reader).each({.statuses = {catalogue::QueueStatus::claimed, catalogue::QueueStatus::pending}},
                         [&](const catalogue::QueueEntry& entry) {
                           if (seen.empty()) claim(claims, "C", 1);  // while the list is open
                           seen.push_back(std::to_string(entry.id) + entry.claimed_by);
                         });
  EXPECT_THAT(seen, ElementsAre("3A", "4B", "5"));
  EXPECT_THAT(ids({.worker = "C"}), ElementsAre(5));
}

}  // namespace
}  // namespace pipeline::store
