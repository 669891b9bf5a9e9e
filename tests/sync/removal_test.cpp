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

TEST_F(Removal, AnEmptyListNeverEmptiesTheCatalogue) {
  for (const auto no : stand.store().channel_nos()) stand.store().remove(no);
  const auto summary = stand.summary(pages);
  EXPECT_EQ(summary["listed"], 0);
  EXPECT_EQ(removed(), "0");
  EXPECT_NE(summary["removals"].get<std::string>().find("empty"), std::string::npos);
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

}  // namespace
}  // namespace pipeline::test
