#include "engines.h"

#include <fmt/core.h>

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr auto kWeek = std::chrono::hours(24 * 7);
constexpr auto kDay = std::chrono::hours(24);

// Which details have to be looked at again.
class ChecksConformance : public ConformanceTest {
 protected:
  void prepare() override { catalogue().begin_list("MY_STORE"); }

  void verify(const std::vector<std::string>& skus, const std::string& source = "MY_STORE") {
    std::vector<catalogue::Product> products;
    for (const auto& sku : skus) products.push_back(make_product(sku));
    for (auto& product : products) product.source = source;
    std::vector<Delivery> deliveries;
    for (const auto& product : products) deliveries.push_back({&product});
    (void)catalogue().write({.products = deliveries, .verified = true}, {.run_id = "run"});
  }
  // Products 00, 01, …, each verified a minute after the one before, up to now.
  void add_verified(int count) {
    for (int i = 0; i < count; ++i) {
      verify({fmt::format("{:02}", i)});
      clock_.advance(1min);
    }
  }
  std::vector<std::string> give() { return catalogue().due_for_check(kWeek, true); }
};
HOLD_EVERY_ENGINE(ChecksConformance);

TEST_P(ChecksConformance, TheFirstShareIsEmptyAndTimeIsCountedFromThere) {
  add_verified(14);
  EXPECT_THAT(give(), IsEmpty());
  clock_.advance(kDay);
  EXPECT_THAT(give(), ElementsAre("00", "01"));
}

TEST_P(ChecksConformance, WhatIsNotGivenIsNotNoted) {
  add_verified(14);
  clock_.advance(kDay);
  EXPECT_THAT(catalogue().due_for_check(kWeek, false), IsEmpty());
  give();
  clock_.advance(kDay);
  EXPECT_THAT(catalogue().due_for_check(kWeek, false), ElementsAre("00", "01"));
  const Store reader = open(Opening::Mode::read);
  reader.catalogue->begin_list("MY_STORE");
  EXPECT_THAT(reader.catalogue->due_for_check(kWeek, false), ElementsAre("00", "01"));
}

TEST_P(ChecksConformance, FrequentRunsAddUp) {
  add_verified(14);
  give();
  std::vector<std::string> given;
  for (int minute = 0; minute < 24 * 60; minute += 5) {
    clock_.advance(5min);
    for (const std::string& sku : give()) {
      given.push_back(sku);
      verify({sku});
    }
  }
  EXPECT_THAT(given, ElementsAre("00", "01"));
}

TEST_P(ChecksConformance, EveryProductHasItsTurnWithinMaxAge) {
  add_verified(10);
  give();
  std::size_t given = 0;
  for (int day = 0; day < 7; ++day) {
    clock_.advance(kDay);
    const auto due = give();
    verify(due);
    given += due.size();
  }
  EXPECT_EQ(given, 10U);
}

TEST_P(ChecksConformance, NoShareIsLargerThanAllProducts) {
  add_verified(3);
  give();
  clock_.advance(99 * kDay);
  verify({"00", "01", "02"});
  clock_.advance(kDay);
  EXPECT_THAT(give(), ElementsAre("00", "01", "02"));
  EXPECT_THAT(give(), IsEmpty());
}

TEST_P(ChecksConformance, WhatIsTooOldIsDueWhateverTheShare) {
  verify({"01"});
  clock_.advance(1s);
  verify({"00", "02"});
  clock_.advance(kWeek);
  EXPECT_THAT(give(), ElementsAre("01"));
}

TEST_P(ChecksConformance, WhatWasNeverVerifiedComesFirst) {
  verify({"00"});
  clock_.advance(kWeek + 1s);
  write({make_product("b"), make_product("a")});
  EXPECT_THAT(give(), ElementsAre("a", "b", "00"));
}

TEST_P(ChecksConformance, OnlyActiveProductsOfTheSource) {
  verify({"gone", "failed"});
  verify({"elsewhere", "gone"}, "OTHER");
  remove("gone");
  catalogue::Product failed = make_product("failed");
  failed.parse_status = catalogue::ParseStatus::fail;
  write(failed);
  clock_.advance(2 * kWeek);
  EXPECT_THAT(give(), IsEmpty());
}

TEST_P(ChecksConformance, ARemovedProductThatIsBackWasNeverVerified) {
  add_verified(1);
  remove("00");
  write(make_product("00"));
  EXPECT_THAT(give(), ElementsAre("00"));
}

TEST_P(ChecksConformance, WhatIsFetchedAnywayIsLeftOut) {
  verify({"00", "01"});
  clock_.advance(2 * kWeek);
  write(make_product("never"));
  remove("never");
  const std::vector<ListedProduct> page = {{"00", hash_of("x"), "{}"}, {"never", hash_of("x"), "{}"}};
  (void)catalogue().compare(page, false, 0);
  EXPECT_THAT(give(), ElementsAre("01"));
}

TEST_P(ChecksConformance, WhatWasVerifiedLatelyRestsWhateverTheShare) {
  add_verified(14);
  give();
  clock_.advance(kDay);
  for (int i = 0; i < 14; ++i) verify({fmt::format("{:02}", i)});
  EXPECT_THAT(give(), IsEmpty());
  clock_.advance(kDay / 2 + 1h);
  EXPECT_THAT(give(), ElementsAre("00"));
}

TEST_P(ChecksConformance, AnEmptyStoreUsesUpItsTime) {
  give();
  clock_.advance(kDay);
  EXPECT_THAT(give(), IsEmpty());
  add_verified(7);
  EXPECT_THAT(give(), IsEmpty());
}

}  // namespace
}  // namespace pipeline::store
