#include "pipeline/store/queue_claims.h"

#include "store_fixture.h"

#include <array>

namespace pipeline::store {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = QueueMove::Kind;

class QueueClaimsTest : public StoreTest {
 protected:
  static catalogue::Change price(std::string before, std::string after) {
    return {catalogue::Reason::price, "sale_price", before, after};
  }
  static catalogue::Change stock(std::string before, std::string after) {
    return {catalogue::Reason::stock, "stock_quantity", before, after};
  }

  void enqueue(std::string_view sku, const std::vector<catalogue::Change>& changes = {price("10", "20")}) {
    queue_.enqueue({"MY_STORE", sku}, changes);
  }
  std::vector<std::int64_t> claim(std::string worker = "A", std::int64_t limit = 1, int max_attempts = 3) {
    std::vector<std::int64_t> ids;
    for (const auto& entry : claims_.claim({std::move(worker), limit, minutes(15), max_attempts})) {
      ids.push_back(entry.id);
    }
    return ids;
  }
  std::vector<Kind> done(std::vector<std::int64_t> ids, std::optional<std::string> worker = std::nullopt) {
    return kinds(claims_.done(ids, worker));
  }
  std::vector<Kind> fail(std::vector<std::int64_t> ids, std::optional<std::string> worker = std::nullopt,
                         int max_attempts = 3) {
    return kinds(claims_.fail(ids, "no picture", worker, max_attempts));
  }
  std::vector<Kind> retry(std::vector<std::int64_t> ids) { return kinds(claims_.retry(ids)); }
  std::vector<Kind> kinds(const std::vector<QueueMove>& moves) {
    std::vector<Kind> all;
    for (const auto& move : moves) {
      all.push_back(move.kind);
      if (move.kind == Kind::refused) refusal_ = move.refusal;
    }
    return all;
  }
  // `id status attempts reason`, a row each.
  std::vector<std::string> rows() {
    return texts(database_, "SELECT id || ' ' || status || ' ' || attempts || ' ' || reason FROM refresh_queue");
  }
  std::string column(std::string_view name, int id = 1) {
    return text(database_, "SELECT " + std::string(name) + " FROM refresh_queue WHERE id = " + std::to_string(id));
  }

  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  RefreshQueue queue_{database_};
  QueueClaims claims_{database_};
  std::string refusal_;  // the last
};

TEST_F(QueueClaimsTest, TheOldestEntriesAreHandedOutOnceEach) {
  for (const char* sku : {"3", "1", "2"}) enqueue(sku);
  EXPECT_THAT(claim("A", 2), ElementsAre(1, 2));
  EXPECT_THAT(claim("B", 2), ElementsAre(3));
  EXPECT_THAT(claim("C"), IsEmpty());
}

TEST_F(QueueClaimsTest, ManyEntriesEndEachInItsOwnWay) {
  for (const char* sku : {"1", "2", "3", "4"}) enqueue(sku);
  (void)claim("A", 3);
  (void)claim("B", 1);
  const std::vector<QueueEnd> ends = {{1, "", 1}, {2, "no picture", 1}, {3, "not built", 9}, {4, "", 1}, {5, "", 1}};
  EXPECT_THAT(kinds(claims_.end(ends, "A")),
              ElementsAre(Kind::done, Kind::failed, Kind::pending, Kind::refused, Kind::refused));
  EXPECT_THAT(rows(), ElementsAre("1 DONE 1 PRICE", "2 FAILED 1 PRICE", "3 PENDING 1 PRICE", "4 CLAIMED 1 PRICE"));
  EXPECT_EQ(column("error", 2), "no picture");
}

TEST_F(QueueClaimsTest, AClaimTellsTheEntryAndItsLease) {
  enqueue("1", {stock("1", "2"), price("10", "20")});
  clock_.advance(minutes(1));
  const auto entries = claims_.claim({.worker = "A", .limit = 5, .lease = minutes(10)});
  ASSERT_EQ(entries.size(), 1U);
  const catalogue::QueueEntry& entry = entries.front();
  EXPECT_EQ(entry.id, 1);
  EXPECT_EQ(entry.sku, "1");
  EXPECT_EQ(entry.reason, "PRICE,STOCK");
  EXPECT_EQ(entry.status, catalogue::QueueStatus::claimed);
  EXPECT_EQ(entry.attempts, 1);
  EXPECT_EQ(entry.enqueued_at, clock_.wall() - minutes(1));
  EXPECT_EQ(entry.claimed_at, clock_.wall());
  EXPECT_EQ(entry.claimed_by, "A");
  EXPECT_EQ(entry.lease_until, clock_.wall() + minutes(10));
  EXPECT_THAT(entry.changes, HasSubstr(R"("field":"stock_quantity")"));
  EXPECT_EQ(column("json_array(status, attempts, claimed_at, claimed_by, lease_until, finished_at, error)"),
            R"(["CLAIMED",1,1775000061000,"A",1775000661000,null,null])");
}

TEST_F(QueueClaimsTest, AProductIsHeldByOneAtATime) {
  enqueue("1");
  enqueue("2");
  EXPECT_THAT(claim("A"), ElementsAre(1));
  enqueue("1", {stock("1", "2")});
  EXPECT_THAT(claim("B", 9), ElementsAre(2));
  EXPECT_THAT(done({1}), ElementsAre(Kind::done));
  EXPECT_THAT(claim("B", 9), ElementsAre(3));
}

TEST_F(QueueClaimsTest, TheTableHoldsOneClaimAProduct) {
  enqueue("1");
  (void)claim();
  enqueue("1");
  EXPECT_THROW(database_.execute("test", "UPDATE refresh_queue SET status = 'CLAIMED'"), Error);
}

TEST_F(QueueClaimsTest, AClaimThatCannotBeCommittedIsNone) {
  enqueue("1");
  database_.execute("test",
                    "CREATE TRIGGER stop BEFORE UPDATE ON refresh_queue WHEN new.id = 2 BEGIN "
                    "SELECT raise(ABORT, 'stopped'); END");
  enqueue("2");
  EXPECT_THAT(message_of([&] { (void)claim("A", 2); }), HasSubstr("stopped"));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE", "2 PENDING 0 PRICE"));
}

// --- leases ---

TEST_F(QueueClaimsTest, ALeaseThatRanOutGoesToTheNextClaim) {
  enqueue("1");
  (void)claim("A");
  clock_.advance(minutes(15) - std::chrono::milliseconds(1));
  EXPECT_THAT(claim("B"), IsEmpty());
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_THAT(claim("B"), ElementsAre(1));
  EXPECT_EQ(column("claimed_by"), "B");
  EXPECT_EQ(column("attempts"), "2");
  EXPECT_EQ(column("error"), "lease ran out 1 time");
}

TEST_F(QueueClaimsTest, AfterTheLastAttemptItHasFailed) {
  enqueue("1");
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_THAT(claim(), ElementsAre(1)) << attempt;
    clock_.advance(minutes(15));
  }
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_THAT(rows(), ElementsAre("1 FAILED 3 PRICE"));
  EXPECT_EQ(column("error"), "lease ran out 3 times");
  EXPECT_EQ(number(database_, "SELECT finished_at FROM refresh_queue"), clock_.wall().time_since_epoch().count());
  EXPECT_EQ(column("lease_until"), "NULL");
}

TEST_F(QueueClaimsTest, AllThatRanOutComeBackAtOnce) {
  for (int i = 0; i < 50; ++i) enqueue(std::to_string(i));
  EXPECT_EQ(claim("A", 50).size(), 50U);
  clock_.advance(minutes(15));
  EXPECT_THAT(claim("B", 1), ElementsAre(1));
  EXPECT_EQ(number(database_, "SELECT count(*) FROM refresh_queue WHERE status = 'PENDING'"), 49);
}

TEST_F(QueueClaimsTest, AClaimWithoutALeaseStays) {  // of a file of schema 1, or made by hand
  enqueue("1");
  (void)claim();
  database_.execute("test", "UPDATE refresh_queue SET lease_until = NULL");
  clock_.advance(std::chrono::hours(1000));
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_THAT(done({1}), ElementsAre(Kind::done));
}

// --- merging ---

TEST_F(QueueClaimsTest, WhatComesBackIsMergedWithWhatCameMeanwhile) {
  enqueue("1", {price("10", "20")});
  (void)claim();
  clock_.advance(minutes(1));
  enqueue("1", {price("20", "30"), stock("1", "2")});
  EXPECT_THAT(fail({1}), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE,STOCK"));
  EXPECT_EQ(column("changes"), R"([{"field":"sale_price","old":10,"new":30,"reason":"PRICE"},)"
                               R"({"field":"stock_quantity","old":1,"new":2,"reason":"STOCK"}])");
  EXPECT_EQ(number(database_, "SELECT enqueued_at FROM refresh_queue"), 1775000001000);  // it waits since then
  EXPECT_EQ(column("error"), "no picture");
}

TEST_F(QueueClaimsTest, AChangeThatWasHandedOutIsToldEvenWhenItIsTakenBack) {
  enqueue("1", {price("10", "20")});
  (void)claim();
  enqueue("1", {price("20", "10")});
  clock_.advance(minutes(15));
  EXPECT_THAT(claim(), ElementsAre(1));
  EXPECT_EQ(column("changes"), R"([{"field":"sale_price","old":10,"new":10,"reason":"PRICE"}])");
}

TEST_F(QueueClaimsTest, NorIsItSettledByALaterChange) {
  enqueue("1", {price("10", "20")});
  (void)claim();
  (void)fail({1});
  EXPECT_EQ(queue_.enqueue({"MY_STORE", "1"}, {price("20", "10")}), Enqueued::merged);
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE"));
}

TEST_F(QueueClaimsTest, TheOlderRowStaysWhicheverComesBack) {
  enqueue("1", {price("10", "20")});
  (void)claim();
  (void)fail({1}, std::nullopt, 1);
  enqueue("1", {price("20", "30")});
  EXPECT_THAT(claim(), ElementsAre(2));
  EXPECT_THAT(retry({1}), ElementsAre(Kind::pending));
  EXPECT_THAT(fail({2}), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE"));
  EXPECT_EQ(column("changes"), R"([{"field":"sale_price","old":10,"new":30,"reason":"PRICE"}])");
}

TEST_F(QueueClaimsTest, AnEntryThatWasTamperedWithIsNamedAndTheRestIsLeft) {
  enqueue("1");
  (void)claim();
  enqueue("1");
  database_.execute("test", "UPDATE refresh_queue SET changes = 'nonsense' WHERE id = 1");
  clock_.advance(minutes(15));
  EXPECT_THAT(message_of([&] { (void)claim(); }), HasSubstr("entry 1 of the refresh queue, product 1:"));
  EXPECT_THAT(rows(), ElementsAre("1 CLAIMED 1 PRICE", "2 PENDING 0 PRICE"));
}

// --- done ---

TEST_F(QueueClaimsTest, DoneEndsAClaim) {
  enqueue("1");
  (void)claim();
  (void)fail({1});
  (void)claim();
  clock_.advance(minutes(1));
  EXPECT_THAT(done({1}, "A"), ElementsAre(Kind::done));
  EXPECT_EQ(column("json_array(status, attempts, claimed_by, lease_until, finished_at, error)"),
            R"(["DONE",2,"A",null,1775000061000,null])");
  EXPECT_THAT(done({1}, "A"), ElementsAre(Kind::done_before));
}

TEST_F(QueueClaimsTest, AWorkerEndsOnlyItsOwnClaims) {
  enqueue("1");
  enqueue("2");
  (void)claim("B");
  EXPECT_THAT(done({1}, "A"), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry 1 is claimed by B since 2026-03-31T23:33:21.000Z");
  EXPECT_THAT(fail({1}, "A"), ElementsAre(Kind::refused));
  EXPECT_THAT(done({2}, "A"), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry 2 is PENDING: A does not hold it");
  EXPECT_THAT(rows(), ElementsAre("1 CLAIMED 1 PRICE", "2 PENDING 0 PRICE"));
}

TEST_F(QueueClaimsTest, AWorkerThatIsLateMayFinishWhatNobodyTook) {
  enqueue("1");
  (void)claim("A");
  clock_.advance(minutes(60));
  EXPECT_THAT(done({1}, "A"), ElementsAre(Kind::done));
}

TEST_F(QueueClaimsTest, ByHandAnythingMayBeMarkedDone) {
  for (const char* sku : {"1", "2", "3"}) enqueue(sku);
  (void)claim("A", 2);
  (void)fail({1}, std::nullopt, 1);
  EXPECT_THAT(done({1, 2, 3, 4}), ElementsAre(Kind::done, Kind::done, Kind::done, Kind::refused));
  EXPECT_EQ(refusal_, "there is no entry 4");
  EXPECT_EQ(number(database_, "SELECT count(*) FROM refresh_queue WHERE status = 'DONE' AND error IS NULL"), 3);
}

// --- fail and retry ---

TEST_F(QueueClaimsTest, WhatFailsIsTriedAgainUntilTheLastAttempt) {
  enqueue("1");
  (void)claim();
  EXPECT_THAT(fail({1}, "A", 2), ElementsAre(Kind::pending));
  EXPECT_EQ(column("json_array(status, attempts, error, lease_until, finished_at)"),
            R"(["PENDING",1,"no picture",null,null])");
  (void)claim();
  EXPECT_THAT(fail({1}, "A", 2), ElementsAre(Kind::failed));
  EXPECT_EQ(column("json_array(status, attempts, error, lease_until, finished_at)"),
            R"(["FAILED",2,"no picture",null,1775000001000])");
}

TEST_F(QueueClaimsTest, OnlyAClaimCanFail) {
  for (const char* sku : {"1", "2", "3"}) enqueue(sku);
  (void)done({2});
  (void)claim("A");
  (void)fail({1}, "A", 1);
  EXPECT_THAT(fail({1, 2, 3}), ElementsAre(Kind::refused, Kind::refused, Kind::refused));
  EXPECT_EQ(refusal_, "entry 3 is PENDING: only a claimed entry can fail");
}

TEST_F(QueueClaimsTest, RetryCountsAnew) {
  enqueue("1");
  (void)claim();
  (void)fail({1}, std::nullopt, 1);
  EXPECT_THAT(retry({1}), ElementsAre(Kind::pending));
  EXPECT_EQ(column("json_array(status, attempts, error, finished_at)"), R"(["PENDING",0,null,null])");
  EXPECT_THAT(retry({1}), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry 1 is PENDING: only a FAILED entry is tried again");
}

TEST_F(QueueClaimsTest, RetryAllMergesWhatIsOfOneProduct) {
  for (int i = 0; i < 3; ++i) {
    enqueue("1", {price(std::to_string(i), std::to_string(i + 1))});
    (void)fail(claim(), std::nullopt, 1);
  }
  enqueue("2");
  (void)fail(claim(), std::nullopt, 1);
  EXPECT_EQ(claims_.retry_all().size(), 4U);
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE", "4 PENDING 0 PRICE"));
  EXPECT_EQ(column("changes"), R"([{"field":"sale_price","old":0,"new":3,"reason":"PRICE"}])");
  EXPECT_THAT(claims_.retry_all(), IsEmpty());
}

}  // namespace
}  // namespace pipeline::store
