#include "pipeline/store/queue_rules.h"

#include "pipeline/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::store {
namespace {

using catalogue::QueueEntry;
using catalogue::QueueStatus;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = QueueMove::Kind;
using Order = QueueOrder::Kind;

constexpr WallTime kNow{std::chrono::hours(24)};

QueueEntry entry(std::int64_t id, QueueStatus status, int attempts = 1, std::string price = "[10,20]") {
  const auto comma = price.find(',');
  QueueEntry entry;
  entry.id = id;
  entry.source = "MY_STORE";
  entry.sku = entry.name = "1";
  entry.reason = "PRICE";
  entry.status = status;
  entry.attempts = attempts;
  entry.enqueued_at = kNow - minutes(100 - id);
  entry.claimed_by = "A";
  entry.claimed_at = kNow - minutes(2);
  entry.lease_until = kNow + minutes(2);
  entry.error = "of before";
  entry.changes = R"([{"field":"price","old":)" + price.substr(1, comma - 1) + R"(,"new":)" +
                  price.substr(comma + 1, price.size() - comma - 2) + R"(,"reason":"PRICE"}])";
  return entry;
}

Kind kind(QueueStatus status, Order order, const std::optional<std::string>& worker = std::nullopt, int attempts = 1,
          int max_attempts = 3) {
  return judge(entry(7, status, attempts), {.id = 7, .kind = order, .reason = "why", .max_attempts = max_attempts},
               worker)
      .kind;
}

TEST(QueueRules, WhatComesOfAnOrder) {
  EXPECT_EQ(kind(QueueStatus::claimed, Order::finish, "A"), Kind::done);
  EXPECT_EQ(kind(QueueStatus::claimed, Order::finish, "B"), Kind::refused);
  EXPECT_EQ(kind(QueueStatus::done, Order::finish, "B"), Kind::done_before);
  EXPECT_EQ(kind(QueueStatus::pending, Order::finish), Kind::done);
  EXPECT_EQ(kind(QueueStatus::pending, Order::finish, "A"), Kind::refused);
  EXPECT_EQ(kind(QueueStatus::claimed, Order::give_up, "A", 2), Kind::pending);
  EXPECT_EQ(kind(QueueStatus::claimed, Order::give_up, "A", 3), Kind::failed);
  EXPECT_EQ(kind(QueueStatus::pending, Order::give_up), Kind::refused);
  EXPECT_EQ(kind(QueueStatus::failed, Order::try_again), Kind::pending);
  EXPECT_EQ(kind(QueueStatus::claimed, Order::try_again), Kind::refused);
  EXPECT_THAT(no_such_entry(9).refusal, HasSubstr("9"));
}

TEST(QueueRules, AnEndWithoutAReasonIsAFinish) {
  const std::array<QueueEnd, 2> ends{{{1, "", 1}, {2, "no picture", 5}}};
  const auto orders = orders_of(ends);
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(orders[0].kind, Order::finish);
  EXPECT_EQ(orders[1].kind, Order::give_up);
  EXPECT_EQ(orders[1].reason, "no picture");
  EXPECT_EQ(orders[1].max_attempts, 5);
}

TEST(QueueRules, WhatAnEntryIsAfterwards) {
  const auto after = [](QueueStatus status, const QueueOrder& order) {
    const QueueEntry before = entry(7, status);
    return moved(before, judge(before, order, std::nullopt), order, kNow);
  };
  const QueueEntry done = after(QueueStatus::claimed, {.id = 7});
  EXPECT_EQ(done.status, QueueStatus::done);
  EXPECT_EQ(done.finished_at, kNow);
  EXPECT_EQ(done.lease_until, std::nullopt);
  EXPECT_EQ(done.error, "");
  EXPECT_EQ(done.claimed_by, "A");

  const QueueEntry back =
      after(QueueStatus::claimed, {.id = 7, .kind = Order::give_up, .reason = "why", .max_attempts = 2});
  EXPECT_EQ(back.status, QueueStatus::pending);
  EXPECT_EQ(back.attempts, 1);
  EXPECT_EQ(back.error, "why");
  EXPECT_EQ(back.finished_at, std::nullopt);

  const QueueEntry failed = after(QueueStatus::claimed, {.id = 7, .kind = Order::give_up, .reason = "why"});
  EXPECT_EQ(failed.status, QueueStatus::failed);
  EXPECT_EQ(failed.finished_at, kNow);

  const QueueEntry again = after(QueueStatus::failed, {.id = 7, .kind = Order::try_again});
  EXPECT_EQ(again.attempts, 0);
  EXPECT_EQ(again.error, "");

  const QueueEntry refused = after(QueueStatus::claimed, {.id = 7, .kind = Order::try_again});
  EXPECT_EQ(refused.status, QueueStatus::claimed);
  EXPECT_EQ(refused.error, "of before");
}

TEST(QueueRules, ALeaseThatRanOutIsToldByItsAttempts) {
  EXPECT_EQ(order_of_expired(entry(7, QueueStatus::claimed, 1), 3).reason, "lease ran out 1 time");
  EXPECT_EQ(order_of_expired(entry(7, QueueStatus::claimed, 2), 3).reason, "lease ran out 2 times");
}

TEST(QueueRules, OfTwoEntriesTheOlderStaysWithBothChanges) {
  const QueueEntry returned = entry(3, QueueStatus::pending, 2, "[10,20]");
  const QueueEntry waiting = entry(8, QueueStatus::pending, 0, "[20,30]");
  const JoinedEntries both = joined(returned, waiting, "store.db");
  EXPECT_EQ(both.deleted, 8);
  EXPECT_EQ(both.kept.id, 3);
  EXPECT_EQ(both.kept.attempts, 2);
  EXPECT_EQ(both.kept.enqueued_at, returned.enqueued_at);
  EXPECT_EQ(both.kept.changes, R"([{"field":"price","old":10,"new":30,"reason":"PRICE"}])");

  const JoinedEntries other = joined(waiting, returned, "store.db");
  EXPECT_EQ(other.deleted, 8) << "whichever comes back";
  EXPECT_EQ(other.kept.id, 3);
  EXPECT_EQ(other.kept.enqueued_at, returned.enqueued_at);
  EXPECT_EQ(other.kept.changes, both.kept.changes);
}

TEST(QueueRules, ChangesThatSomebodyWroteOtherwiseAreNamed) {
  QueueEntry bad = entry(3, QueueStatus::pending);
  bad.changes = "[{";
  try {
    (void)changes_of(bad, "store.db");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(HasSubstr("store.db: entry 3"), HasSubstr("product 1"),
                                               HasSubstr("delete the entry or mark it as DONE")));
  }
}

}  // namespace
}  // namespace pipeline::store
