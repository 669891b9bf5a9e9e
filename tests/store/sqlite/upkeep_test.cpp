#include "upkeep.h"

#include "store_fixture.h"

#include <fmt/format.h>

namespace pipeline::store::sqlite {
namespace {

class UpkeepTest : public StoreTest {
 protected:
  std::shared_ptr<Connection> open() {
    return std::make_shared<Connection>(path_, Connection::Mode::read_write, clock_, &metrics_);
  }
  static void fill(Connection& connection, int entries) {
    connection.execute("fill",
                       fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
                                   "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, "
                                   "finished_at, changes) SELECT i, 'S', 'PRICE', 'DONE', 0, 0, "
                                   "hex(zeroblob(500)) FROM n",
                                   entries)
                           .c_str());
  }
  static constexpr Term kAll{.before = WallTime(std::chrono::hours(1))};
};

TEST_F(UpkeepTest, WhatIsFreedIsGivenBackInSteps) {
  {
    Connection made(path_, Connection::Mode::read_write, clock_);
    made.execute("make it able to", "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = DELETE; VACUUM");
  }
  const auto connection = open();
  Upkeep upkeep(connection);
  fill(*connection, 2'000);
  const Space full = upkeep.space();
  EXPECT_TRUE(full.returns);
  EXPECT_EQ(full.freed, 0U);
  while (upkeep.remove_entries(kAll, 500) > 0) {
  }
  const Space freed = upkeep.space();
  EXPECT_EQ(freed.bytes, full.bytes);
  EXPECT_GT(freed.freed, full.bytes / 2);
  EXPECT_TRUE(upkeep.give_back(10));
  EXPECT_GE(upkeep.space().bytes, full.bytes - std::uint64_t{12} * 4096) << "ten pages, and of their map";
  while (upkeep.give_back(100)) {
  }
  EXPECT_EQ(upkeep.space().freed, 0U);
  EXPECT_LT(upkeep.space().bytes, full.bytes / 2);
  EXPECT_EQ(text(*connection, "PRAGMA integrity_check"), "ok");
}

TEST_F(UpkeepTest, AFileThatCannotShrinkUsesWhatIsFreedAgain) {
  const auto connection = open();
  Upkeep upkeep(connection);
  fill(*connection, 2'000);
  const Space full = upkeep.space();
  while (upkeep.remove_entries(kAll, 500) > 0) {
  }
  EXPECT_FALSE(upkeep.give_back(10));
  fill(*connection, 2'000);
  EXPECT_LE(upkeep.space().bytes, full.bytes + full.bytes / 10);
}

TEST_F(UpkeepTest, AClaimByHandWithoutAnEndStays) {
  const auto connection = open();
  connection->execute("fill",
                      "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, changes) VALUES "
                      "('1', 'S', 'PRICE', 'DONE', 0, '[]'), ('2', 'S', 'PRICE', 'CLAIMED', 0, '[]')");
  Upkeep upkeep(connection);
  EXPECT_EQ(upkeep.remove_entries(kAll, 10), 0) << "nobody knows when it was done";
  EXPECT_EQ(number(*connection, "SELECT count(*) FROM refresh_queue"), 2);
}

}  // namespace
}  // namespace pipeline::store::sqlite
