#include "pipeline/sync/list_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

namespace pipeline::sync {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr sys_days kToday{std::chrono::year(2026) / 11 / 27};
constexpr sys_days kFirstDay{std::chrono::year(2000) / 1 / 1};

// A list by day of registration, read by a plan. Entries are numbered, those registered first before the others.
class Store {
 public:
  std::map<sys_days, std::int64_t> registered;  // day: how many
  std::int64_t ceiling = 1'000'000'000;         // pages that reach beyond are refused
  bool heeds_dates = true;
  std::function<void(const ListPlan::Request&)> before_answer = [](const auto&) {};

  [[nodiscard]] std::int64_t size() const { return hits({}).second; }

  void read(ListPlan& plan, std::int64_t size = 500) {
    std::vector<ListPlan::Request> asked;
    while (!plan.ended()) {
      while (const auto request = plan.next()) asked.push_back(*request);
      if (asked.empty()) continue;
      const auto request = asked.front();
      asked.erase(asked.begin());
      ++calls;
      before_answer(request);
      const auto [first, total] = hits(request.days);
      if (request.page * size > ceiling && total > ceiling) {
        plan.refused(request);
        continue;
      }
      const auto entries = std::clamp<std::int64_t>(total - (request.page - 1) * size, 0, size);
      plan.answered(request, {total, static_cast<int>((total + size - 1) / size), entries});
      if (request.page == 1 && total > request.most) continue;
      auto& seen = passes[request.pass];
      for (std::int64_t i = 0; i < entries; ++i)
        doubled += seen.insert(first + (request.page - 1) * size + i).second ? 0 : 1;
    }
  }

  int calls = 0;
  int doubled = 0;
  std::map<int, std::set<std::int64_t>> passes;

 private:
  // The number of the first hit, and how many there are.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> hits(const std::optional<DayRange>& range) const {
    std::int64_t first = 0, total = 0;
    for (const auto& [day, count] : registered) {
      if (range && heeds_dates && day < range->first) first += count;
      if (!range || !heeds_dates || (day >= range->first && day <= range->last)) total += count;
    }
    return {first, total};
  }
};

ListPlan plan_of(int page_size = 500, bool may_slice = true) {
  return ListPlan({.page_size = page_size,
                   .most_entries = 100'000,
                   .may_slice = may_slice,
                   .first_day = kFirstDay,
                   .last_day = kToday + days(1)});
}

TEST(ListPlan, AShortListIsReadPageAfterPageInOnePass) {
  Store store;
  store.registered = {{kToday, 1234}};
  auto plan = plan_of();
  store.read(plan);
  EXPECT_EQ(store.calls, 3);
  EXPECT_EQ(store.passes[0].size(), 1234U);
  EXPECT_EQ(plan.total(), 1234);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, AnEmptyListEndsWithItsFirstPage) {
  Store store;
  auto plan = plan_of();
  store.read(plan);
  EXPECT_EQ(store.calls, 1);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, EndsWithTheLastAnswer) {
  auto plan = plan_of();
  const auto first = plan.next();
  EXPECT_FALSE(plan.ended());
  plan.answered(*first, {100, 1, 100});
  EXPECT_TRUE(plan.ended());
}

TEST(ListPlan, TheFirstPageIsAskedForAloneThenTwoAreUnderWay) {
  auto plan = plan_of();
  const auto first = plan.next();
  ASSERT_TRUE(first);
  EXPECT_FALSE(plan.next());
  plan.answered(*first, {2000, 4, 500});
  EXPECT_EQ(plan.next()->page, 2);
  EXPECT_EQ(plan.next()->page, 3);
  EXPECT_FALSE(plan.next());
  EXPECT_FALSE(plan.ended());
}

TEST(ListPlan, MoreThanAHundredThousandAreSlicedFromTheStart) {
  Store store;
  for (int i = 0; i < 3000; ++i) store.registered[kToday - days(i)] = 50;  // 150,000
  auto plan = plan_of();
  store.read(plan);
  EXPECT_EQ(store.passes[1].size(), 150'000U);
  EXPECT_EQ(store.doubled, 0);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
  EXPECT_LE(store.calls, 300 + 20) << "300 pages, and what it takes to find the slices";
}

TEST(ListPlan, ARefusedPageTellsTheCeiling) {
  Store store;
  for (int i = 0; i < 400; ++i) store.registered[kToday - days(i * 3)] = 5;  // 2,000
  store.ceiling = 300;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_EQ(store.passes[1].size(), 2000U);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, ACeilingBelowTheKnownOneIsLearntWhileSlicing) {
  Store store;
  for (int i = 0; i < 2000; ++i) store.registered[kToday - days(i)] = 60;  // 120,000
  store.ceiling = 20'000;
  auto plan = plan_of();
  store.read(plan);
  EXPECT_EQ(store.passes.rbegin()->second.size(), 120'000U);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, TheFirstDayTodayAndTomorrowAreCovered) {
  Store store;
  store.registered = {{kFirstDay, 200}, {kToday, 200}, {kToday + days(1), 200}};
  store.ceiling = 250;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_EQ(store.passes[1].size(), 600U);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, ProductsInNoSliceMakeItNotWhole) {
  Store store;
  store.registered = {{kFirstDay - days(1), 3}, {kToday - days(900), 200}, {kToday, 200}};
  store.ceiling = 250;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("fewer rows"));
}

TEST(ListPlan, MoreRowsThanItSaidMakeItNotWhole) {
  auto plan = plan_of(50);
  const auto request = plan.next();
  ASSERT_TRUE(request);
  plan.answered(*request, {28, 1, 29});
  EXPECT_TRUE(plan.ended());
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("more rows"));
}

TEST(ListPlan, ASingleDayThatDoesNotFitIsSaidAndTheRestIsRead) {
  Store store;
  store.registered = {{kToday - days(400), 90}, {kToday, 500}, {kToday - days(1), 90}};
  store.ceiling = 250;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_EQ(store.passes.rbegin()->second.size(), 90U + 90U + 250U);
  ASSERT_EQ(plan.hidden().size(), 1U);
  EXPECT_EQ(plan.hidden()[0], "the server shows only the first 250 of 500 entries registered on 2026-11-27");
  EXPECT_EQ(plan.why_not_whole(), plan.hidden()[0]);
}

TEST(ListPlan, AStoreFilledInOneDayIsNoServerThatDoesNotHeedDates) {
  Store store;
  store.registered = {{kToday - days(3000), 240}, {kToday - days(2999), 240}};
  store.ceiling = 250;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_EQ(store.passes[1].size(), 480U);
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, AServerThatDoesNotHeedDatesIsFoundOutSoon) {
  Store store;
  store.heeds_dates = false;
  store.registered = {{kToday, 1000}};
  store.ceiling = 300;
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_EQ(store.passes[0].size(), 300U) << "what it shows is read";
  EXPECT_LE(store.calls, 6 + 2 + 3);
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("does not heed"));
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("only the first 300 of 1,000 entries were read"));
}

TEST(ListPlan, OneThatDoesNotHeedDatesAndHasNoCeilingIsReadAsAWhole) {
  Store store;
  store.heeds_dates = false;
  store.registered = {{kToday, 100'500}};
  auto plan = plan_of();
  store.read(plan);
  EXPECT_EQ(store.passes.rbegin()->second.size(), 100'500U);
  EXPECT_LE(store.calls, 201 + 1 + 3);
  EXPECT_THAT(plan.hidden(), IsEmpty()) << "nothing of it is out of sight";
  EXPECT_THAT(plan.why_not_whole(), IsEmpty());
}

TEST(ListPlan, WithoutSlicesTheCeilingIsTheEnd) {
  Store store;
  store.registered = {{kToday, 1000}};
  store.ceiling = 300;
  auto plan = plan_of(50, false);
  store.read(plan, 50);
  EXPECT_EQ(store.passes[0].size(), 300U);
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("only the first 300 of 1,000 entries"));
}

TEST(ListPlan, AListThatMovesIsNotWhole) {
  Store store;
  store.registered = {{kToday, 1000}};
  store.before_answer = [&](const auto& request) { store.registered[kToday] += request.page == 2 ? 1 : 0; };
  auto plan = plan_of(100);
  store.read(plan, 100);
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("changed while it was read"));
}

TEST(ListPlan, ASliceThatMovesMakesItNotWhole) {
  Store store;
  for (int i = 0; i < 100; ++i) store.registered[kToday - days(i)] = 10;
  store.ceiling = 300;
  int slices = 0;
  store.before_answer = [&](const auto& request) {
    if (request.days && request.page == 1 && ++slices == 9) ++store.registered[kToday];
  };
  auto plan = plan_of(50);
  store.read(plan, 50);
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("changed while it was read"));
}

TEST(ListPlan, APageThatFailedLeavesTheRest) {
  auto plan = plan_of(100);
  const auto first = plan.next();
  plan.answered(*first, {300, 3, 100});
  const auto second = plan.next();
  const auto third = plan.next();
  plan.failed(*second);
  plan.answered(*third, {300, 3, 100});
  EXPECT_FALSE(plan.next());
  EXPECT_TRUE(plan.ended());
  EXPECT_THAT(plan.why_not_whole(), HasSubstr("fewer rows"));
}

TEST(ListPlan, StopAsksForNothingMore) {
  auto plan = plan_of(100);
  const auto first = plan.next();
  plan.answered(*first, {300, 3, 100});
  const auto second = plan.next();
  plan.stop();
  EXPECT_FALSE(plan.next());
  EXPECT_FALSE(plan.ended());
  plan.answered(*second, {300, 3, 100});
  EXPECT_TRUE(plan.ended());
}

TEST(ListPlan, AnyStoreIsReadWhole) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
    Store store;
    store.ceiling = 100 + below(400);
    const auto filled = 1 + below(200);
    for (std::int64_t i = 0; i < filled; ++i) store.registered[kToday + days(1 - below(9000))] += 1 + below(50);
    for (auto& [day, count] : store.registered) count = std::min(count, store.ceiling / 20 * 20);
    auto plan = plan_of(20);
    store.read(plan, 20);
    EXPECT_THAT(plan.why_not_whole(), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(static_cast<std::int64_t>(store.passes.rbegin()->second.size()), store.size()) << "seed " << seed;
    EXPECT_EQ(store.doubled, 0) << "seed " << seed;
  }
}

}  // namespace
}  // namespace pipeline::sync
