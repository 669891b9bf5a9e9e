#include "pipeline/store/detail_age.h"

#include "store_fixture.h"

#include <fmt/core.h>

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr auto kWeek = std::chrono::hours(24 * 7);
constexpr auto kDay = std::chrono::hours(24);

class DetailAgeTest : public StoreTest {
 protected:
  void add(std::string_view sku, std::string_view source = "MY_STORE", std::string_view status = "OK",
           bool removed = false) {
    database_.execute("test",
                      fmt::format("INSERT INTO products (sku, source, parse_status, removed_at, created_at, "
                                  "updated_at, last_seen_run, raw_json) VALUES ('{}', '{}', '{}', {}, 0, 0, '', '')",
                                  sku, source, status, removed ? "1" : "NULL")
                          .c_str());
  }
  // Products 00, 01, …, each verified a minute after the one before, up to now.
  void add_verified(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string sku = fmt::format("{:02}", i);
      add(sku);
      age_.verified({"MY_STORE", sku}, now() - std::chrono::minutes(count - i));
    }
  }
  WallTime now() const { return clock_.wall(); }
  std::vector<std::string> give() {
    const DetailAge::Due due = age_.due("MY_STORE", now(), kWeek);
    age_.given("MY_STORE", due);
    return due.skus;
  }

  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  Listing listing_{database_, "MY_STORE"};
  DetailAge age_{database_, listing_};
};

TEST_F(DetailAgeTest, TheFirstShareIsEmptyAndTimeIsCountedFromThere) {
  add_verified(14);
  EXPECT_THAT(give(), IsEmpty());
  clock_.advance(kDay);
  EXPECT_THAT(give(), ElementsAre("00", "01"));
}

TEST_F(DetailAgeTest, ADryRunNotesNothing) {
  add_verified(14);
  clock_.advance(kDay);
  EXPECT_THAT(age_.due("MY_STORE", now(), kWeek).skus, IsEmpty());
  give();
  clock_.advance(kDay);
  EXPECT_THAT(age_.due("MY_STORE", now(), kWeek).skus, ElementsAre("00", "01"));
  EXPECT_THAT(age_.due("MY_STORE", now(), kWeek).skus, ElementsAre("00", "01"));
}

TEST_F(DetailAgeTest, WorksOnAReadOnlyDatabase) {
  add_verified(14);
  give();
  clock_.advance(kDay);
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  const Listing listing(database, "MY_STORE");
  DetailAge age(database, listing);
  EXPECT_THAT(age.due("MY_STORE", now(), kWeek).skus, ElementsAre("00", "01"));
}

TEST_F(DetailAgeTest, FrequentRunsAddUp) {
  add_verified(14);
  give();
  std::vector<std::string> given;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    clock_.advance(1min);
    for (const std::string& sku : give()) {
      given.push_back(sku);
      age_.verified({"MY_STORE", sku}, now());
    }
  }
  EXPECT_THAT(given, ElementsAre("00", "01"));
}

TEST_F(DetailAgeTest, EveryProductHasItsTurnWithinMaxAge) {
  add_verified(10);
  give();
  std::size_t given = 0;
  for (int day = 0; day < 7; ++day) {
    clock_.advance(kDay);
    for (const std::string& sku : give()) {
      age_.verified({"MY_STORE", sku}, now());
      ++given;
    }
  }
  EXPECT_EQ(given, 10U);
}

TEST_F(DetailAgeTest, NoShareIsLargerThanAllProducts) {
  add_verified(3);
  give();
  clock_.advance(100 * kDay);
  for (const char* sku : {"00", "01", "02"}) age_.verified({"MY_STORE", sku}, now() - kDay);
  EXPECT_THAT(give(), ElementsAre("00", "01", "02"));
  EXPECT_THAT(give(), IsEmpty());
}

TEST_F(DetailAgeTest, WhatIsTooOldIsDueWhateverTheShare) {
  add_verified(3);
  age_.verified({"MY_STORE", "01"}, now() - kWeek - 1s);
  age_.verified({"MY_STORE", "02"}, now() - kWeek);
  EXPECT_THAT(give(), ElementsAre("01"));
}

TEST_F(DetailAgeTest, WhatWasNeverVerifiedComesFirst) {
  add_verified(2);
  age_.verified({"MY_STORE", "00"}, now() - 2 * kWeek);
  add("b");
  add("a");
  EXPECT_THAT(give(), ElementsAre("a", "b", "00"));
  age_.forget({"MY_STORE", "01"});
  EXPECT_THAT(give(), ElementsAre("01", "a", "b", "00"));
}

TEST_F(DetailAgeTest, OnlyActiveProductsOfTheSource) {
  add("gone", "MY_STORE", "OK", true);
  add("failed", "MY_STORE", "PARSE_FAIL");
  add("elsewhere", "OTHER");
  for (const char* sku : {"gone", "failed", "elsewhere", "unknown"}) {
    EXPECT_THAT(give(), IsEmpty()) << sku;
    age_.verified({"MY_STORE", sku}, now() - 2 * kWeek);
  }
  EXPECT_THAT(give(), IsEmpty());
}

TEST_F(DetailAgeTest, WhatIsFetchedAnywayIsLeftOut) {
  add_verified(4);
  for (const char* sku : {"00", "01"}) age_.verified({"MY_STORE", sku}, now() - 2 * kWeek);
  add("never");
  const std::vector<ListedProduct> page = {{"00", hash_of("x"), "{}"}, {"never", hash_of("x"), "{}"}};
  (void)listing_.add(page, false);
  EXPECT_THAT(give(), ElementsAre("01"));
}

TEST_F(DetailAgeTest, AClockThatWasSetBackStopsNothing) {
  add_verified(7);
  give();
  const DetailAge::Due back = age_.due("MY_STORE", now() - kDay, kWeek);
  EXPECT_THAT(back.skus, IsEmpty());
  age_.given("MY_STORE", back);
  clock_.advance(kDay / 2);
  EXPECT_THAT(give(), ElementsAre("00"));
}

TEST_F(DetailAgeTest, WhatWasVerifiedLatelyRestsWhateverTheShare) {
  add_verified(14);
  give();
  clock_.advance(kDay);
  for (int i = 0; i < 14; ++i) age_.verified({"MY_STORE", fmt::format("{:02}", i)}, now());
  EXPECT_THAT(give(), IsEmpty());
  clock_.advance(kDay / 2 + 1h);
  EXPECT_THAT(give(), ElementsAre("00"));
}

TEST_F(DetailAgeTest, AnEmptyStoreUsesUpItsTime) {
  give();
  clock_.advance(kDay);
  EXPECT_THAT(give(), IsEmpty());
  add_verified(7);
  EXPECT_THAT(give(), IsEmpty());
}

TEST_F(DetailAgeTest, TakesPartInTheCallersTransaction) {
  add_verified(7);
  give();
  clock_.advance(kDay);
  {
    Transaction transaction(database_);
    EXPECT_THAT(give(), ElementsAre("00"));
  }
  EXPECT_THAT(give(), ElementsAre("00"));
}

}  // namespace
}  // namespace pipeline::store
