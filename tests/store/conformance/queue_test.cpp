#include "engines.h"

#include <nlohmann/json.hpp>

#include <set>
#include <thread>

namespace pipeline::store {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = QueueMove::Kind;

class QueueConformance : public ConformanceTest {
 protected:
  static catalogue::Change price(std::string before, std::string after) {
    return {catalogue::Reason::price, "price", std::move(before), std::move(after)};
  }
  static catalogue::Change stock(std::string before, std::string after) {
    return {catalogue::Reason::stock, "stock", std::move(before), std::move(after)};
  }
  // These changes of a product that is long known. The id of the entry that has them then; 0: none has.
  std::int64_t enqueue(const std::string& sku, const std::vector<catalogue::Change>& changes = {price("10", "20")},
                       const std::string& source = "MY_STORE") {
    catalogue::Product product = make_product(sku, std::to_string(++contents_));
    product.source = source;
    if (catalogue().find_by_sku(source + ":" + sku).empty()) {
      write(product);
      for (const auto& entry : entries({.sku = sku, .source = source}))
        if (entry.status == catalogue::QueueStatus::pending) (void)queue().done(std::array{entry.id}, std::nullopt);
      product.content_hash = hash_of(std::to_string(++contents_));
    }
    write(product,
          {.run_id = "run", .body_diff = [&](std::string_view, const catalogue::Product&) { return changes; }});
    const auto waiting = entries({.statuses = {catalogue::QueueStatus::pending}, .sku = sku, .source = source});
    return waiting.empty() ? 0 : waiting.front().id;
  }
  std::vector<std::int64_t> claim(std::string worker = "A", std::int64_t limit = 1, int max_attempts = 3) {
    std::vector<std::int64_t> ids;
    for (const auto& entry : queue().claim({std::move(worker), limit, minutes(15), max_attempts}))
      ids.push_back(entry.id);
    return ids;
  }
  std::vector<Kind> done(std::vector<std::int64_t> ids, std::optional<std::string> worker = std::nullopt) {
    return kinds(queue().done(ids, worker));
  }
  std::vector<Kind> fail(std::vector<std::int64_t> ids, std::optional<std::string> worker = std::nullopt,
                         int max_attempts = 3) {
    return kinds(queue().fail(ids, "no picture", worker, max_attempts));
  }
  std::vector<Kind> retry(std::vector<std::int64_t> ids) { return kinds(queue().retry(ids)); }
  std::vector<Kind> kinds(const std::vector<QueueMove>& moves) {
    std::vector<Kind> all;
    for (const auto& move : moves) {
      all.push_back(move.kind);
      if (move.kind == Kind::refused) refusal_ = move.refusal;
    }
    return all;
  }
  [[nodiscard]] catalogue::QueueEntry entry(std::int64_t id) const {
    for (auto& one : entries())
      if (one.id == id) return one;
    ADD_FAILURE() << "there is no entry " << id;
    return {};
  }
  // `SKU STATUS ATTEMPTS REASON`, but those that made the products known.
  [[nodiscard]] std::vector<std::string> rows() const {
    std::vector<std::string> all;
    for (const auto& one : entries())
      if (one.reason != "NEW")
        all.push_back(one.name + " " + std::string(to_string(one.status)) + " " + std::to_string(one.attempts) + " " +
                      one.reason);
    return all;
  }
  [[nodiscard]] json changes_of(std::int64_t id) const { return json::parse(entry(id).changes); }
  static json change(std::string_view field, int before, int after, std::string_view reason) {
    return {{"field", field}, {"old", before}, {"new", after}, {"reason", reason}};
  }

  int contents_ = 0;
  std::string refusal_;  // the last
};
HOLD_EVERY_ENGINE(QueueConformance);

// --- merging ---

TEST_P(QueueConformance, AnEntryHasItsChangesAndTheirReasons) {
  const auto id = enqueue("1", {stock("1", "2"), price("10", "20")});
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE,STOCK"));
  EXPECT_EQ(changes_of(id), json::array({change("stock", 1, 2, "STOCK"), change("price", 10, 20, "PRICE")}));
}

TEST_P(QueueConformance, AFurtherChangeIsMerged) {
  const auto id = enqueue("1", {stock("1", "2")});
  const auto at = entry(id).enqueued_at;
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(enqueue("1", {price("10", "20")}), id);
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE,STOCK"));
  EXPECT_EQ(entry(id).enqueued_at, at);  // it waits since then
}

TEST_P(QueueConformance, AFieldKeepsItsFirstOldAndLastNewValue) {
  (void)enqueue("1", {price("10", "20")});
  const auto id = enqueue("1", {price("20", "30")});
  EXPECT_EQ(changes_of(id), json::array({change("price", 10, 30, "PRICE")}));
}

TEST_P(QueueConformance, AFieldThatIsAsItWasGoesWithItsReason) {
  (void)enqueue("1", {price("10", "20"), stock("1", "2")});
  const auto id = enqueue("1", {price("20", "10")});
  EXPECT_EQ(changes_of(id), json::array({change("stock", 1, 2, "STOCK")}));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 STOCK"));
}

TEST_P(QueueConformance, AnEntryWithNothingLeftToTellIsDeleted) {
  (void)enqueue("1", {price("10", "20")});
  EXPECT_EQ(enqueue("1", {price("20", "10")}), 0);
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_P(QueueConformance, WhatIsMergedOrAddedIsCountedAndWhatIsSettledIsNot) {
  const auto enqueued = [&](std::string before, std::string after) {
    const Writing how{.run_id = "run", .body_diff = [&](std::string_view, const catalogue::Product&) {
                        return std::vector{price(before, after)};
                      }};
    return write(std::vector{make_product("1", after)}, how).enqueued;
  };
  (void)enqueue("1");
  settle_queue();
  EXPECT_EQ(enqueued("10", "20"), 1);
  EXPECT_EQ(enqueued("20", "30"), 1);
  EXPECT_EQ(enqueued("30", "10"), 0);
}

TEST_P(QueueConformance, LongValuesAreComparedByTheirDigest) {
  const auto content = [](char before, char after) {
    const auto text = [](char c) { return '"' + std::string(1000, c) + '"'; };
    return std::vector{catalogue::Change{catalogue::Reason::content, "detail", text(before), text(after)}};
  };
  (void)enqueue("1", content('a', 'b'));
  const auto id = enqueue("1", content('b', 'c'));
  EXPECT_EQ(changes_of(id)[0]["old"], (json{{"bytes", 1000}, {"sha256", to_hex(hash_of(std::string(1000, 'a')))}}));
  EXPECT_EQ(changes_of(id)[0]["new"]["sha256"], to_hex(hash_of(std::string(1000, 'c'))));
  EXPECT_EQ(enqueue("1", content('c', 'a')), 0);
}

TEST_P(QueueConformance, ATextOf256BytesIsKept) {
  // Its JSON form is longer: quotes and escapes don't count.
  const std::string text = '"' + std::string(250, 'x') + R"(\n\n\n\n\n\n")";
  const auto id = enqueue("1", {{catalogue::Reason::content, "detail", text, "null"}});
  EXPECT_EQ(changes_of(id)[0]["old"], json::parse(text));
}

TEST_P(QueueConformance, NewAndRemovedReplaceEachOtherAndNeverGo) {
  write(make_product("1"));
  remove("1");
  EXPECT_THAT(waiting(), ElementsAre("1 REMOVED"));
  EXPECT_EQ(json::parse(entries().at(0).changes)[0]["old"], nullptr);
  EXPECT_EQ(json::parse(entries().at(0).changes)[0]["new"], nullptr);
  write(make_product("1"));
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
  EXPECT_EQ(json::parse(entries().at(0).changes)[0]["new"], "이름");
}

TEST_P(QueueConformance, NewStaysNewWhateverChangesAfterwards) {
  write(make_product("1"));
  (void)enqueue("1", {price("10", "20")});
  EXPECT_THAT(waiting(), ElementsAre("1 NEW,PRICE"));
  (void)enqueue("1", {price("20", "10")});
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
}

TEST_P(QueueConformance, EntriesThatSomeoneHasTakenAreLeftAlone) {
  const auto finished = enqueue("1");
  (void)done({finished});
  const auto failed = enqueue("1");
  (void)claim();
  (void)fail({failed}, std::nullopt, 1);
  (void)enqueue("1");
  (void)claim();
  (void)enqueue("1", {price("20", "10")});
  EXPECT_THAT(rows(), ElementsAre("1 DONE 0 PRICE", "1 FAILED 1 PRICE", "1 CLAIMED 1 PRICE", "1 PENDING 0 PRICE"));
  EXPECT_EQ(changes_of(finished), json::array({change("price", 10, 20, "PRICE")}));
}

TEST_P(QueueConformance, TheSameNumberOfTwoSourcesIsOfTwoProducts) {
  const auto own = enqueue("1");
  const auto other = enqueue("1", {stock("1", "2")}, "OTHER");
  EXPECT_THAT(rows(), ElementsAre("MY_STORE:1 PENDING 0 PRICE", "OTHER:1 PENDING 0 STOCK"));
  EXPECT_THAT(claim("A", 1), ElementsAre(own));
  EXPECT_THAT(claim("B", 9), ElementsAre(other));
  EXPECT_EQ(entry(other).source, "OTHER");
  EXPECT_EQ(entry(other).sku, "1");
}

// --- claims ---

TEST_P(QueueConformance, TheOldestEntriesAreHandedOutOnceEach) {
  std::vector<std::int64_t> ids;
  for (const char* sku : {"3", "1", "2"}) ids.push_back(enqueue(sku));
  EXPECT_THAT(claim("A", 2), ElementsAre(ids[0], ids[1]));
  EXPECT_THAT(claim("B", 2), ElementsAre(ids[2]));
  EXPECT_THAT(claim("C"), IsEmpty());
}

TEST_P(QueueConformance, AClaimTellsTheEntryAndItsLease) {
  const auto id = enqueue("1", {stock("1", "2"), price("10", "20")});
  clock_.advance(minutes(1));
  const auto claimed = queue().claim({.worker = "A", .limit = 5, .lease = minutes(10)});
  ASSERT_EQ(claimed.size(), 1U);
  for (const auto& one : {claimed.front(), entry(id)}) {
    EXPECT_EQ(one.id, id);
    EXPECT_EQ(one.source, "MY_STORE");
    EXPECT_EQ(one.sku, "1");
    EXPECT_EQ(one.name, "1");
    EXPECT_EQ(one.reason, "PRICE,STOCK");
    EXPECT_EQ(one.status, catalogue::QueueStatus::claimed);
    EXPECT_EQ(one.attempts, 1);
    EXPECT_EQ(one.enqueued_at, clock_.wall() - minutes(1));
    EXPECT_EQ(one.claimed_at, clock_.wall());
    EXPECT_EQ(one.claimed_by, "A");
    EXPECT_EQ(one.lease_until, clock_.wall() + minutes(10));
    EXPECT_EQ(one.finished_at, std::nullopt);
    EXPECT_EQ(one.error, "");
    EXPECT_THAT(one.changes, HasSubstr(R"("field":"stock")"));
  }
}

TEST_P(QueueConformance, AProductIsHeldByOneAtATime) {
  const auto first = enqueue("1");
  const auto second = enqueue("2");
  EXPECT_THAT(claim("A"), ElementsAre(first));
  const auto third = enqueue("1", {stock("1", "2")});
  EXPECT_THAT(claim("B", 9), ElementsAre(second));
  EXPECT_THAT(done({first}), ElementsAre(Kind::done));
  EXPECT_THAT(claim("B", 9), ElementsAre(third));
}

TEST_P(QueueConformance, WorkersThatClaimAtOnceGetDifferentEntries) {
  constexpr int kEntries = 40;
  for (int i = 0; i < kEntries; ++i) (void)enqueue(std::to_string(i));
  std::array<std::vector<std::int64_t>, 2> got;
  const auto work = [&](std::vector<std::int64_t>& mine, const std::string& worker) {
    const Store store = database_->open(clock_);
    for (;;) {
      const auto claimed = store.queue->claim({.worker = worker, .limit = 3, .lease = minutes(15)});
      if (claimed.empty()) return;
      for (const auto& one : claimed) mine.push_back(one.id);
    }
  };
  std::thread other([&] { work(got[1], "B"); });
  work(got[0], "A");
  other.join();
  std::set<std::int64_t> all(got[0].begin(), got[0].end());
  all.insert(got[1].begin(), got[1].end());
  EXPECT_THAT(all, SizeIs(kEntries));
  EXPECT_EQ(got[0].size() + got[1].size(), static_cast<std::size_t>(kEntries));
}

TEST_P(QueueConformance, ALeaseThatRanOutGoesToTheNextClaim) {
  const auto id = enqueue("1");
  (void)claim("A");
  clock_.advance(minutes(15) - std::chrono::milliseconds(1));
  EXPECT_THAT(claim("B"), IsEmpty());
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_THAT(claim("B"), ElementsAre(id));
  EXPECT_EQ(entry(id).claimed_by, "B");
  EXPECT_EQ(entry(id).attempts, 2);
  EXPECT_EQ(entry(id).error, "lease ran out 1 time");
}

TEST_P(QueueConformance, AfterTheLastAttemptItHasFailed) {
  const auto id = enqueue("1");
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_THAT(claim(), ElementsAre(id)) << attempt;
    clock_.advance(minutes(15));
  }
  EXPECT_THAT(claim(), IsEmpty());
  EXPECT_THAT(rows(), ElementsAre("1 FAILED 3 PRICE"));
  EXPECT_EQ(entry(id).error, "lease ran out 3 times");
  EXPECT_EQ(entry(id).finished_at, clock_.wall());
  EXPECT_EQ(entry(id).lease_until, std::nullopt);
}

TEST_P(QueueConformance, AllThatRanOutComeBackAtOnce) {
  for (int i = 0; i < 30; ++i) (void)enqueue(std::to_string(i));
  EXPECT_THAT(claim("A", 30), SizeIs(30));
  clock_.advance(minutes(15));
  EXPECT_THAT(claim("B", 1), SizeIs(1));
  EXPECT_THAT(waiting(), SizeIs(29));
}

// --- what comes back ---

TEST_P(QueueConformance, WhatComesBackIsMergedWithWhatCameMeanwhile) {
  const auto id = enqueue("1", {price("10", "20")});
  const auto at = entry(id).enqueued_at;
  (void)claim();
  clock_.advance(minutes(1));
  (void)enqueue("1", {price("20", "30"), stock("1", "2")});
  EXPECT_THAT(fail({id}), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE,STOCK"));
  EXPECT_EQ(changes_of(id), json::array({change("price", 10, 30, "PRICE"), change("stock", 1, 2, "STOCK")}));
  EXPECT_EQ(entry(id).enqueued_at, at);  // it waits since then
  EXPECT_EQ(entry(id).error, "no picture");
}

TEST_P(QueueConformance, AChangeThatWasHandedOutIsToldEvenWhenItIsTakenBack) {
  const auto id = enqueue("1", {price("10", "20")});
  (void)claim();
  (void)enqueue("1", {price("20", "10")});
  clock_.advance(minutes(15));
  EXPECT_THAT(claim(), ElementsAre(id));
  EXPECT_EQ(changes_of(id), json::array({change("price", 10, 10, "PRICE")}));
}

TEST_P(QueueConformance, NorIsItSettledByALaterChange) {
  const auto id = enqueue("1", {price("10", "20")});
  (void)claim();
  (void)fail({id});
  EXPECT_EQ(enqueue("1", {price("20", "10")}), id);
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE"));
}

TEST_P(QueueConformance, TheOlderEntryStaysWhicheverComesBack) {
  const auto older = enqueue("1", {price("10", "20")});
  (void)claim();
  (void)fail({older}, std::nullopt, 1);
  const auto later = enqueue("1", {price("20", "30")});
  EXPECT_THAT(claim(), ElementsAre(later));
  EXPECT_THAT(retry({older}), ElementsAre(Kind::pending));
  EXPECT_THAT(fail({later}), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE"));
  EXPECT_EQ(changes_of(older), json::array({change("price", 10, 30, "PRICE")}));
}

// --- done ---

TEST_P(QueueConformance, DoneEndsAClaim) {
  const auto id = enqueue("1");
  (void)claim();
  (void)fail({id});
  (void)claim();
  clock_.advance(minutes(1));
  EXPECT_THAT(done({id}, "A"), ElementsAre(Kind::done));
  EXPECT_THAT(rows(), ElementsAre("1 DONE 2 PRICE"));
  EXPECT_EQ(entry(id).claimed_by, "A");
  EXPECT_EQ(entry(id).lease_until, std::nullopt);
  EXPECT_EQ(entry(id).finished_at, clock_.wall());
  EXPECT_EQ(entry(id).error, "");
  EXPECT_THAT(done({id}, "A"), ElementsAre(Kind::done_before));
}

TEST_P(QueueConformance, AWorkerEndsOnlyItsOwnClaims) {
  const auto held = enqueue("1");
  const auto waits = enqueue("2");
  (void)claim("B");
  EXPECT_THAT(done({held}, "A"), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry " + std::to_string(held) + " is claimed by B since 2026-03-31T23:33:21.000Z");
  EXPECT_THAT(fail({held}, "A"), ElementsAre(Kind::refused));
  EXPECT_THAT(done({waits}, "A"), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry " + std::to_string(waits) + " is PENDING: A does not hold it");
  EXPECT_THAT(rows(), ElementsAre("1 CLAIMED 1 PRICE", "2 PENDING 0 PRICE"));
}

TEST_P(QueueConformance, AWorkerThatIsLateMayFinishWhatNobodyTook) {
  const auto id = enqueue("1");
  (void)claim("A");
  clock_.advance(minutes(60));
  EXPECT_THAT(done({id}, "A"), ElementsAre(Kind::done));
}

TEST_P(QueueConformance, ByHandAnythingMayBeMarkedDone) {
  std::vector<std::int64_t> ids;
  for (const char* sku : {"1", "2", "3"}) ids.push_back(enqueue(sku));
  (void)claim("A", 2);
  (void)fail({ids[0]}, std::nullopt, 1);
  ids.push_back(ids[2] + 1000);
  EXPECT_THAT(done(ids), ElementsAre(Kind::done, Kind::done, Kind::done, Kind::refused));
  EXPECT_EQ(refusal_, "there is no entry " + std::to_string(ids[3]));
  EXPECT_EQ(entry(ids[0]).error, "");
}

TEST_P(QueueConformance, ManyEntriesEndEachInItsOwnWay) {
  std::vector<std::int64_t> ids;
  for (const char* sku : {"1", "2", "3", "4"}) ids.push_back(enqueue(sku));
  (void)claim("A", 3);
  (void)claim("B", 1);
  const std::vector<QueueEnd> ends = {
      {ids[0], "", 1}, {ids[1], "no picture", 1}, {ids[2], "not built", 9}, {ids[3], "", 1}, {ids[3] + 1000, "", 1}};
  EXPECT_THAT(kinds(queue().end(ends, "A")),
              ElementsAre(Kind::done, Kind::failed, Kind::pending, Kind::refused, Kind::refused));
  EXPECT_THAT(rows(), ElementsAre("1 DONE 1 PRICE", "2 FAILED 1 PRICE", "3 PENDING 1 PRICE", "4 CLAIMED 1 PRICE"));
  EXPECT_EQ(entry(ids[1]).error, "no picture");
}

// --- fail and retry ---

TEST_P(QueueConformance, WhatFailsIsTriedAgainUntilTheLastAttempt) {
  const auto id = enqueue("1");
  (void)claim();
  EXPECT_THAT(fail({id}, "A", 2), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 1 PRICE"));
  EXPECT_EQ(entry(id).error, "no picture");
  EXPECT_EQ(entry(id).lease_until, std::nullopt);
  (void)claim();
  EXPECT_THAT(fail({id}, "A", 2), ElementsAre(Kind::failed));
  EXPECT_THAT(rows(), ElementsAre("1 FAILED 2 PRICE"));
  EXPECT_EQ(entry(id).finished_at, clock_.wall());
}

TEST_P(QueueConformance, OnlyAClaimCanFail) {
  std::vector<std::int64_t> ids;
  for (const char* sku : {"1", "2", "3"}) ids.push_back(enqueue(sku));
  (void)done({ids[1]});
  (void)claim("A");
  (void)fail({ids[0]}, "A", 1);
  EXPECT_THAT(fail(ids), ElementsAre(Kind::refused, Kind::refused, Kind::refused));
  EXPECT_EQ(refusal_, "entry " + std::to_string(ids[2]) + " is PENDING: only a claimed entry can fail");
}

TEST_P(QueueConformance, RetryCountsAnew) {
  const auto id = enqueue("1");
  (void)claim();
  (void)fail({id}, std::nullopt, 1);
  EXPECT_THAT(retry({id}), ElementsAre(Kind::pending));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE"));
  EXPECT_EQ(entry(id).error, "");
  EXPECT_EQ(entry(id).finished_at, std::nullopt);
  EXPECT_THAT(retry({id}), ElementsAre(Kind::refused));
  EXPECT_EQ(refusal_, "entry " + std::to_string(id) + " is PENDING: only a FAILED entry is tried again");
}

TEST_P(QueueConformance, RetryAllMergesWhatIsOfOneProduct) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(enqueue("1", {price(std::to_string(i), std::to_string(i + 1))}));
    (void)fail(claim(), std::nullopt, 1);
  }
  (void)enqueue("2");
  (void)fail(claim(), std::nullopt, 1);
  EXPECT_THAT(queue().retry_all(), SizeIs(4));
  EXPECT_THAT(rows(), ElementsAre("1 PENDING 0 PRICE", "2 PENDING 0 PRICE"));
  EXPECT_EQ(changes_of(ids[0]), json::array({change("price", 0, 3, "PRICE")}));
  EXPECT_THAT(queue().retry_all(), IsEmpty());
}

// --- the list ---

TEST_P(QueueConformance, EachFilterNarrowsTheList) {
  using catalogue::QueueStatus;
  std::vector<std::int64_t> ids{enqueue("1"), enqueue("2", {price("1", "2"), stock("1", "2")}),
                                enqueue("3", {{catalogue::Reason::status, "status", "1", "2"}}),
                                enqueue("4", {{catalogue::Reason::content, "name", "1", "2"}}),
                                enqueue("5", {{catalogue::Reason::option, "options", "1", "2"}})};
  (void)claim("A", 3);
  (void)claim("B", 1);
  (void)done({ids[0]});
  (void)fail({ids[1]}, std::nullopt, 1);
  const auto listed = [&](QueueFilter filter) {
    std::vector<std::int64_t> places;  // among the five
    for (const auto& one : entries(filter))
      if (one.id >= ids[0] && one.reason != "NEW") places.push_back(std::ranges::find(ids, one.id) - ids.begin() + 1);
    return places;
  };
  EXPECT_THAT(listed({}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(listed({.statuses = {QueueStatus::pending, QueueStatus::done}}), ElementsAre(1, 5));
  EXPECT_THAT(listed({.sku = "3"}), ElementsAre(3));
  EXPECT_THAT(listed({.sku = "3", .source = "MY_STORE"}), ElementsAre(3));
  EXPECT_THAT(listed({.sku = "3", .source = "OTHER"}), IsEmpty());
  EXPECT_THAT(listed({.worker = "A"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(listed({.reasons = {"STOCK", "OPTION"}}), ElementsAre(2, 5));
  EXPECT_THAT(listed({.reasons = {"STAT"}}), IsEmpty());
  EXPECT_THAT(listed({.reasons = {"PRICE", "STATUS"}, .limit = 2}), ElementsAre(1, 2));
  EXPECT_THAT(listed({.statuses = {QueueStatus::claimed}, .worker = "B", .limit = 5}), ElementsAre(4));
  EXPECT_THAT(listed({.statuses = {QueueStatus::done}, .worker = "B"}), IsEmpty());
}

TEST_P(QueueConformance, AStoreThatWasOpenedForReadingCanBeListed) {
  (void)enqueue("1");
  const Store reader = open(Opening::Mode::read);
  int seen = 0;
  reader.queue->each({.statuses = {catalogue::QueueStatus::pending}}, [&](const auto&) { ++seen; });
  EXPECT_EQ(seen, 1);
  EXPECT_THAT(message_of([&] { (void)reader.queue->claim({.worker = "A"}); }), HasSubstr("read-only"));
}

TEST_P(QueueConformance, WhatIsClaimedMeanwhileIsListedAsItWas) {
  for (const char* sku : {"1", "2", "3"}) (void)enqueue(sku);
  (void)claim("A", 1);
  const Store reader = open(Opening::Mode::read);
  std::vector<std::string> seen;
  reader.queue->each({.statuses = {catalogue::QueueStatus::claimed, catalogue::QueueStatus::pending}},
                     [&](const catalogue::QueueEntry& one) {
                       if (seen.empty()) (void)claim("C", 1);  // while the list is open
                       seen.push_back(one.sku + one.claimed_by);
                     });
  EXPECT_THAT(seen, ElementsAre("1A", "2", "3"));
  EXPECT_THAT(entries({.worker = "C"}), SizeIs(1));
}

}  // namespace
}  // namespace pipeline::store
