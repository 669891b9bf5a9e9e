#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::test {
namespace {

using emulator::Edit;
using emulator::Endpoint;

// Time is turned by making what the database remembers older.
class Freshness : public ::testing::Test {
 protected:
  Freshness() {
    (void)stand.summary();
    stand.execute("DELETE FROM refresh_queue");
    stand.store().reset_stats();
  }
  static emulator::Options options() {
    emulator::Options options;
    options.products = 70;
    return options;
  }
  void pass_days(int days) {
    const auto ms = std::to_string(days * 86'400'000LL);
    stand.execute("UPDATE detail_checks SET verified_at = verified_at - " + ms);
    stand.execute("UPDATE state SET value = value - " + ms + " WHERE key LIKE 'detail_share%'");
  }
  [[nodiscard]] std::uint64_t details() { return stand.store().stats().requests_to(Endpoint::channel_detail); }

  SyncStand stand{options()};
};

TEST_F(Freshness, EachNightTakesItsShareAndAWeekTakesAll) {
  const auto size = stand.store().size();
  for (int night = 1; night <= 7; ++night) {
    pass_days(1);
    const auto before = details();
    const auto summary = stand.summary();
    const auto share = details() - before;
    EXPECT_EQ(summary["checked"], share);
    EXPECT_GE(share, size / 7) << "night " << night;
    EXPECT_LE(share, size / 7 + 2) << "night " << night;
  }
  EXPECT_EQ(stand.store().stats().distinct_details, size) << "some detail was not checked within the week";
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "0");
}

TEST_F(Freshness, ARunRightAfterAnotherChecksNothing) {
  (void)stand.summary();
  EXPECT_EQ(details(), 0U);
}

TEST_F(Freshness, WhatIsOlderThanTheAgeIsFetchedWhateverTheShare) {
  pass_days(30);
  EXPECT_EQ(stand.summary()["checked"], stand.store().size());
}

TEST_F(Freshness, AChangeThatNoListRowShowsIsFound) {
  const auto no = stand.store().channel_nos()[5];
  stand.store().edit({.kind = Edit::Kind::set_detail_text,
                      .channel_no = no,
                      .text = "<p>조용히 바뀐 설명</p>",
                      .moves_modified_date = false});
  EXPECT_EQ(stand.summary()["changed"], 0);
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "0");
  pass_days(8);
  (void)stand.summary();
  EXPECT_EQ(stand.value("SELECT sku || ' ' || reason FROM refresh_queue"), std::to_string(no) + " CONTENT");
}

TEST_F(Freshness, ZeroDaysTurnsItOff) {
  pass_days(30);
  EXPECT_EQ(stand.summary({"--max-detail-age", "0"})["checked"], 0);
  EXPECT_EQ(details(), 0U);
}

TEST_F(Freshness, ADryRunSaysWhatIsDueAndTakesNoShare) {
  pass_days(1);
  const auto due = stand.summary({"--dry-run"})["checked"];
  EXPECT_GT(due, 0);
  EXPECT_EQ(details(), 0U);
  EXPECT_EQ(stand.summary()["checked"], due);
}

// A product file without --source stands under the shop's name, whatever its numbers look like.
TEST_F(Freshness, WhatHasNoNumberOfTheShopsIsNotAskedForAndIsMissingFromTheList) {
  const auto file = stand.folder() / "own.jsonl";
  std::ofstream(file) << R"({"sku": "A1", "name": "머그", "sale_price": 9000})" << '\n'
                      << R"({"sku": "머그-대형", "name": "접시", "sale_price": 9000})";
  Process upsert({pipeline_binary(), "upsert", file.string(), "--db", stand.db().string(), "--metrics-dir",
                  stand.metrics().string(), "--quiet"},
                 stand.environment, stand.folder().path());
  ASSERT_EQ(upsert.wait().exit_code, 0);
  pass_days(30);
  const auto outcome = stand.sync();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(details(), stand.store().size());
  EXPECT_EQ(
      stand.value("SELECT group_concat(sku) FROM (SELECT sku FROM products WHERE removed_at IS NOT NULL ORDER BY sku)"),
      "A1,머그-대형");
}

}  // namespace
}  // namespace pipeline::test
