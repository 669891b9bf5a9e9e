#include "support/sync_stand.h"

#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using emulator::FaultKind;
using emulator::Shift;
using emulator::Target;

// A store that was synced once, with small pages so that there is time for the list to move.
class Removal : public ::testing::Test {
 protected:
  Removal() {
    (void)stand.summary(pages);
    stand.execute("DELETE FROM refresh_queue");
  }
  [[nodiscard]] std::string removed() const {
    return stand.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL");
  }

  static emulator::Options options() {
    emulator::Options options;
    options.products = 120;
    return options;
  }

  const std::vector<std::string> pages{"--page-size", "25"};
  SyncStand stand{options()};
};

TEST_F(Removal, AProductThatLeftTheListIsMarkedAndQueuedOnce) {
  const auto gone = stand.store().channel_nos()[40];
  stand.store().remove(gone);
  EXPECT_EQ(stand.summary(pages)["removed"], 1);
  EXPECT_EQ(removed(), "1");
  EXPECT_EQ(stand.value("SELECT sku || reason || status FROM refresh_queue"), std::to_string(gone) + "REMOVEDPENDING");

  EXPECT_EQ(stand.summary(pages)["removed"], 0);
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "1");
}

TEST_F(Removal, AProductThatComesBackIsNewAgain) {
  const auto sku = std::to_string(stand.store().channel_nos().front());
  stand.execute("UPDATE products SET removed_at = 1, list_hash = NULL WHERE sku = '" + sku + "'");
  const auto summary = stand.summary(pages);
  EXPECT_EQ(summary["new"], 1);
  EXPECT_EQ(removed(), "0");
  EXPECT_EQ(stand.value("SELECT reason FROM refresh_queue WHERE sku = '" + sku + "'"), "NEW");
}

TEST_F(Removal, AListThatGrewWhileItWasReadIsNoEvidence) {
  stand.store().remove(stand.store().channel_nos().front());
  stand.store().shift_list({.kind = Shift::Kind::add, .after_page = 1, .count = 3});
  const auto summary = stand.summary(pages);
  EXPECT_EQ(removed(), "0");
  EXPECT_NE(summary["removals"].get<std::string>().find("not checked"), std::string::npos);
  EXPECT_EQ(stand.summary(pages)["removed"], 1) << "a still list tells the next night";
}

TEST_F(Removal, AListThatLostRowsWhileItWasReadIsNoEvidence) {
  stand.store().shift_list({.kind = Shift::Kind::remove, .after_page = 1, .count = 2});
  (void)stand.summary(pages);
  EXPECT_EQ(removed(), "0");
  EXPECT_EQ(stand.summary(pages)["removed"], 2);
}

TEST_F(Removal, AFilteredListIsNoEvidence) {
  stand.store().remove(stand.store().channel_nos().front());
  for (const auto& filter : std::vector<std::vector<std::string>>{
           {"--limit", "50"}, {"--status", "SALE"}, {"--modified-since", "2020-01-01"}}) {
    EXPECT_EQ(stand.summary(filter)["removals"], "not checked: the list was filtered");
    EXPECT_EQ(removed(), "0");
  }
}

TEST_F(Removal, AFailedPageIsNoEvidenceAndIsNamed) {
  stand.store().remove(stand.store().channel_nos().front());
  stand.store().add_fault({.target = Target::list, .page = 3, .kind = FaultKind::status, .status = 500});
  auto arguments = pages;
  arguments.insert(arguments.end(), {"--max-retries", "1"});
  const auto outcome = stand.sync(arguments);
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(removed(), "0");
  ASSERT_EQ(summary["failures"].size(), 1U);
  EXPECT_EQ(summary["failures"][0]["sku"], "page 3");
}

TEST_F(Removal, AnEmptyListEmptiesTheCatalogueOnlyByWord) {
  const auto known = stand.value("SELECT count(*) FROM products");
  for (const auto no : stand.store().channel_nos()) stand.store().remove(no);
  for (const auto& limit : std::vector<std::vector<std::string>>{{}, {"--max-removals", "1000"}, {"--dry-run"}}) {
    auto arguments = pages;
    arguments.insert(arguments.end(), limit.begin(), limit.end());
    const auto outcome = stand.sync(arguments);
    const auto summary = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(outcome.exit_code, 3) << "a night that lists nothing is no good one";
    EXPECT_EQ(summary["listed"], 0);
    EXPECT_EQ(std::to_string(summary["held_back"].get<int>()), known);
    EXPECT_NE(summary["removals"].get<std::string>().find("--max-removals 100%"), std::string::npos);
    EXPECT_EQ(removed(), "0");
  }
  auto all = pages;
  all.insert(all.end(), {"--max-removals", "100%"});
  EXPECT_EQ(stand.sync(all).exit_code, 0);
  EXPECT_EQ(removed(), known);
  EXPECT_EQ(stand.sync(pages).exit_code, 0) << "nothing is known any more, so nothing is missing";
}

TEST_F(Removal, AFewProductsAreNoExceptionToThat) {
  stand.execute("UPDATE products SET removed_at = 1 WHERE sku NOT IN (SELECT sku FROM products LIMIT 5)");
  for (const auto no : stand.store().channel_nos()) stand.store().remove(no);
  EXPECT_EQ(stand.sync(pages).exit_code, 3);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE removed_at IS NULL"), "5");
}

TEST_F(Removal, ADetailThatIsNotFoundMarksAKnownProductOnly) {
  const auto known = stand.store().channel_nos().front();
  stand.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = known, .value = 5});
  const auto fresh = stand.store().add_products(1).front();
  for (const auto no : {known, fresh})
    stand.store().add_fault({.target = Target::channel_detail, .product_no = no, .kind = FaultKind::not_found});
  const auto outcome = stand.sync(pages);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["gone"], 2);
  EXPECT_EQ(stand.value("SELECT group_concat(sku) FROM products WHERE removed_at IS NOT NULL"), std::to_string(known));
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE sku = '" + std::to_string(fresh) + "'"), "0");
}

// --- the ceiling ---

// Of 120 entries and a few second channel products; the default allows a tenth of the known ones.
class RemovalCeiling : public Removal {
 protected:
  // Takes the first `count` products out of the list.
  void take_away(std::size_t count) {
    const auto numbers = stand.store().channel_nos();
    for (std::size_t i = 0; i < count; ++i) stand.store().remove(numbers[i]);
  }
  [[nodiscard]] Outcome sync_with(std::vector<std::string> more) const {
    more.insert(more.end(), pages.begin(), pages.end());
    return stand.sync(more);
  }
  [[nodiscard]] std::size_t allowed() const { return known / 10; }

  const std::size_t known = stand.store().size();
};

TEST_F(RemovalCeiling, AsManyAsItAllowsAreMarked) {
  take_away(allowed());
  const auto outcome = sync_with({});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(removed(), std::to_string(allowed()));
}

TEST_F(RemovalCeiling, OneMoreAndNoneIsMarkedAndTheMessageTellsAll) {
  const auto first = stand.store().channel_nos().front();
  const auto name = stand.value("SELECT name FROM products WHERE sku = '" + std::to_string(first) + "'");
  take_away(allowed() + 1);
  const auto outcome = sync_with({});
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(removed(), "0");
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "0");
  EXPECT_EQ(summary["removed"], 0);
  EXPECT_EQ(summary["held_back"], allowed() + 1);
  EXPECT_EQ(summary["held_back_removals"][0]["sku"], std::to_string(first));
  EXPECT_EQ(summary["held_back_removals"][0]["name"], name);
  const auto text = summary["removals"].get<std::string>();
  for (const auto& part : {std::to_string(allowed() + 1) + " of " + std::to_string(known), name,
                           std::string("--max-removals 10% allows"), std::string("none was marked")}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(stand.value("SELECT status FROM runs ORDER BY started_at DESC LIMIT 1"), "PARTIAL");
}

TEST_F(RemovalCeiling, TheNumberThatTheMessageNamesLetsThemThrough) {
  take_away(allowed() + 5);
  EXPECT_EQ(sync_with({}).exit_code, 3);
  EXPECT_EQ(sync_with({"--max-removals", std::to_string(allowed() + 4)}).exit_code, 3);
  EXPECT_EQ(removed(), "0");
  EXPECT_EQ(sync_with({"--max-removals", std::to_string(allowed() + 5)}).exit_code, 0);
  EXPECT_EQ(removed(), std::to_string(allowed() + 5));
}

TEST_F(RemovalCeiling, ZeroAllowsNoneAndAHundredPercentAll) {
  take_away(1);
  EXPECT_EQ(sync_with({"--max-removals", "0"}).exit_code, 3);
  EXPECT_EQ(removed(), "0");
  take_away(known - 2);
  EXPECT_EQ(sync_with({"--max-removals", "100%"}).exit_code, 0);
  EXPECT_EQ(removed(), std::to_string(known - 1));
}

TEST_F(RemovalCeiling, AShareIsOfWhatWasKnownBeforeTheRun) {
  take_away(allowed() + 1);
  (void)stand.store().add_products(known * 2);  // another store's, perhaps
  EXPECT_EQ(sync_with({}).exit_code, 3);
  EXPECT_EQ(removed(), "0");
}

TEST_F(RemovalCeiling, WhatIsHeldBackWaitsForAWordAndNotForTheCatalogueToGrow) {
  take_away(allowed() + 1);
  EXPECT_EQ(sync_with({}).exit_code, 3);
  (void)stand.store().add_products(known * 2);
  EXPECT_EQ(sync_with({}).exit_code, 3);
  EXPECT_EQ(sync_with({"--status", "SALE"}).exit_code, 0) << "it does not look for removals";
  const auto outcome = sync_with({});
  EXPECT_EQ(outcome.exit_code, 3) << "a tenth of all is more by now";
  EXPECT_NE(outcome.err.find("no more than " + std::to_string(allowed()) + " may be"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(removed(), "0");
  EXPECT_EQ(sync_with({"--max-removals", "20%"}).exit_code, 0);
  EXPECT_EQ(removed(), std::to_string(allowed() + 1));
  take_away(allowed() + 2);
  EXPECT_EQ(sync_with({}).exit_code, 0) << "nothing is held back any more, and a tenth of all is more now";
}

TEST_F(RemovalCeiling, ADryRunSaysItAsWell) {
  take_away(allowed() + 1);
  const auto outcome = sync_with({"--dry-run"});
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(summary["held_back"], allowed() + 1);
  EXPECT_EQ(summary["removed"], 0);
  EXPECT_EQ(summary["plan"].size(), 0U);
  EXPECT_NE(outcome.err.find("--max-removals"), std::string::npos);
}

TEST_F(RemovalCeiling, DetailsThatAreNotFoundCountAsWell) {
  const auto numbers = stand.store().channel_nos();
  for (std::size_t i = 0; i <= allowed(); ++i) {
    stand.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = numbers[i], .value = 5});
    stand.store().add_fault({.target = Target::channel_detail, .product_no = numbers[i], .kind = FaultKind::not_found});
  }
  const auto outcome = sync_with({});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(removed(), "0");
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(summary["gone"], allowed() + 1);
  EXPECT_EQ(summary["held_back"], allowed() + 1);

  EXPECT_EQ(sync_with({"--max-removals", "50%"}).exit_code, 0) << "held back is not forgotten";
  EXPECT_EQ(removed(), std::to_string(allowed() + 1));
}

TEST_F(RemovalCeiling, MissingAndNotFoundAreCountedTogether) {
  take_away(allowed());
  const auto gone = stand.store().channel_nos().back();
  stand.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = gone, .value = 5});
  stand.store().add_fault({.target = Target::channel_detail, .product_no = gone, .kind = FaultKind::not_found});
  EXPECT_EQ(sync_with({}).exit_code, 3);
  EXPECT_EQ(removed(), "0");
}

TEST_F(RemovalCeiling, NewProductsThatAreNotFoundDoNotCount) {
  for (const auto fresh : stand.store().add_products(allowed() + 5))
    stand.store().add_fault({.target = Target::channel_detail, .product_no = fresh, .kind = FaultKind::not_found});
  take_away(1);
  EXPECT_EQ(sync_with({}).exit_code, 0);
  EXPECT_EQ(removed(), "1");
}

}  // namespace
}  // namespace pipeline::test
