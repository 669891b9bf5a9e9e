#include "support/sync_stand.h"

#include <gtest/gtest.h>

// A database belongs to one store: what other credentials may do to it.
namespace pipeline::test {
namespace {

using emulator::FaultKind;
using emulator::Target;

constexpr std::size_t kProducts = 160;  // a few are sold on two channels: 164

emulator::Options store_of(std::size_t products, std::string client_id) {
  emulator::Options options;
  options.products = products;
  options.client_id = std::move(client_id);
  return options;
}

class StoreIdentity : public ::testing::Test {
 protected:
  StoreIdentity() { (void)first.summary(); }

  // A store whose oldest products are those of the first one.
  [[nodiscard]] static emulator::Options other_options(std::size_t products = kProducts) {
    return store_of(products, "ddddeeee9876");
  }
  // Syncs the first store's database by the other's credentials.
  [[nodiscard]] Outcome sync_from(const SyncStand& other, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--db", first.db().string()});
    return other.sync(more);
  }
  // Leaves the other store with so many of the products that the database knows.
  void leave_in(SyncStand& other, std::size_t common) {
    const auto products = first.store().channel_nos();
    for (std::size_t i = common; i < products.size(); ++i) other.store().remove(products[i]);
  }
  // Of every table, what is in it.
  [[nodiscard]] std::vector<std::vector<std::vector<std::string>>> content() const {
    std::vector<std::vector<std::vector<std::string>>> tables;
    for (const auto* table : {"products", "refresh_queue", "detail_checks", "runs", "state"})
      tables.push_back(first.query(std::string("SELECT * FROM ") + table + " ORDER BY 1"));
    return tables;
  }
  void expect_refused(const Outcome& outcome, const std::vector<std::string>& told) const {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    const auto summary = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(summary["status"], "usage");
    for (const auto* count : {"new", "changed", "unchanged", "written", "enqueued"})
      EXPECT_EQ(summary[count], 0) << count;
    EXPECT_EQ(summary["removed"], 0);
    for (const auto& part : told) {
      EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " is not in " << outcome.err;
      EXPECT_NE(summary["stopped"].get<std::string>().find(part), std::string::npos) << part;
    }
  }

  SyncStand first{store_of(kProducts, "aaaabbbbcccc")};
  const std::size_t known = first.store().size();
};

TEST_F(StoreIdentity, IsRememberedWithoutTheIds) {
  EXPECT_EQ(first.value("SELECT length(value) FROM state WHERE key = 'store_digest/MY_STORE'"), "32");
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "cccc");
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_account_id_end/MY_STORE'"), "");
  EXPECT_EQ(first.value("SELECT count(*) FROM state WHERE instr(value, 'bbbb') > 0"), "0");
}

TEST_F(StoreIdentity, AnotherStoresCredentialsChangeNothing) {
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  const auto before = content();
  expect_refused(sync_from(other), {"…cccc", "…9876", "0 of " + std::to_string(known), "--rebind", "another store"});
  EXPECT_EQ(content(), before);
  EXPECT_EQ(other.store().stats().distinct_details, 0U) << "no detail is asked for";
  EXPECT_EQ(other.store().stats().requests_to(emulator::Endpoint::list), 1U) << "the whole list is";
  EXPECT_EQ(first.sync().exit_code, 0) << "the first store's next night is as any other";
}

TEST_F(StoreIdentity, NewKeysOfTheSameStoreAreANormalRun) {
  SyncStand other(other_options());
  const auto changed = other.store().channel_nos()[3];
  other.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = changed, .value = 4321});
  const auto outcome = sync_from(other);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find(std::to_string(known) + " of " + std::to_string(known)), std::string::npos) << outcome.err;
  EXPECT_EQ(first.value("SELECT sale_price FROM products WHERE sku = '" + std::to_string(changed) + "'"), "4321");
  EXPECT_EQ(first.value("SELECT count(*) FROM runs WHERE status = 'OK'"), "2");
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "9876");

  const auto again = sync_from(other);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_TRUE(nlohmann::json::parse(again.out)["store"].is_null()) << "said once";
}

TEST_F(StoreIdentity, NineOfTenProductsAreTheSameStoreAndFewerAreNot) {
  const auto enough = (known * 9 + 9) / 10;
  SyncStand fewer(other_options());
  leave_in(fewer, enough - 1);
  expect_refused(sync_from(fewer), {std::to_string(enough - 1) + " of " + std::to_string(known)});
  SyncStand same(other_options());
  leave_in(same, enough);
  EXPECT_EQ(sync_from(same).exit_code, 0);
}

TEST_F(StoreIdentity, AnotherAccountIsAnotherIdentity) {
  first.environment["NAVER_COMMERCE_ACCOUNT_ID"] = "seller-0042";
  const auto outcome = first.sync();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("account …0042"), std::string::npos) << outcome.err;
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_account_id_end/MY_STORE'"), "0042");
  for (const auto no : first.store().channel_nos()) first.store().remove(no);
  (void)first.store().add_products(20);
  first.environment["NAVER_COMMERCE_ACCOUNT_ID"] = "seller-0043";
  expect_refused(first.sync(), {"account …0042", "account …0043"});
}

TEST_F(StoreIdentity, RebindChangesOverAndTheCeilingHoldsTheOldProductsBack) {
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  const auto outcome = sync_from(other, {"--rebind"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_NE(outcome.err.find("changes over"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("--max-removals"), std::string::npos) << outcome.err;
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "0");
  EXPECT_EQ(first.value("SELECT count(*) FROM products"), std::to_string(known + other.store().size()));

  EXPECT_EQ(sync_from(other, {"--max-removals", "100%"}).exit_code, 0) << "it is remembered";
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), std::to_string(known));
}

TEST_F(StoreIdentity, RebindHoldsAFewProductsBackAsWellAndForAsManyNightsAsItTakes) {
  first.execute("DELETE FROM products WHERE sku NOT IN (SELECT sku FROM products LIMIT 5)");
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  EXPECT_EQ(sync_from(other, {"--rebind"}).exit_code, 3);
  EXPECT_EQ(sync_from(other).exit_code, 3) << "five are no tenth of what there is now";
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "0");
  EXPECT_EQ(sync_from(other, {"--max-removals", "100%"}).exit_code, 0);
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "5");
  EXPECT_EQ(sync_from(other).exit_code, 0);
}

TEST_F(StoreIdentity, RebindOfTheSameStoreHoldsNothingBack) {
  SyncStand same(other_options());
  leave_in(same, known - 3);
  EXPECT_EQ(sync_from(same, {"--rebind"}).exit_code, 0);
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "3");
}

TEST_F(StoreIdentity, RebindIsForTheCommandLineAlone) {
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  other.environment["PIPELINE_SYNC_REBIND"] = "true";
  EXPECT_EQ(sync_from(other).exit_code, 2);
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "cccc");
}

TEST_F(StoreIdentity, AFilteredListThatShowsTooFewProvesNothing) {
  SyncStand other(other_options());
  const auto before = content();
  expect_refused(sync_from(other, {"--limit", "20"}),
                 {"can't be told", "without --limit, --status and --modified-since", "--rebind"});
  EXPECT_EQ(content(), before);
  EXPECT_EQ(sync_from(other, {"--limit", std::to_string(known)}).exit_code, 0) << "one that shows enough does";
}

TEST_F(StoreIdentity, AListThatWasNotReadWholeProvesNothing) {
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 20);
  other.store().add_fault({.target = Target::list, .page = 3, .kind = FaultKind::status, .status = 500});
  const auto before = content();
  expect_refused(sync_from(other, {"--page-size", "25", "--max-retries", "0"}), {"page 3 of the list failed"});
  EXPECT_EQ(content(), before);
}

TEST_F(StoreIdentity, AnEmptyListProvesNothing) {
  SyncStand other(other_options());
  for (const auto no : other.store().channel_nos()) other.store().remove(no);
  expect_refused(sync_from(other), {"the list was empty"});
}

TEST_F(StoreIdentity, ADryRunSaysTheSameAndRemembersNothing) {
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  const auto before = content();
  const auto refused = sync_from(other, {"--dry-run"});
  expect_refused(refused, {"another store"});
  EXPECT_EQ(nlohmann::json::parse(refused.out)["plan"].size(), 0U);

  SyncStand same(other_options());
  same.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = same.store().channel_nos()[3], .value = 1});
  const auto outcome = sync_from(same, {"--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["plan"].size(), 1U);
  EXPECT_NE(outcome.err.find("it is the store"), std::string::npos) << outcome.err;
  EXPECT_EQ(content(), before);
}

// As a version that did not remember it has left the database.
TEST_F(StoreIdentity, ADatabaseOfAnEarlierVersionIsGuardedToo) {
  first.execute("DELETE FROM state WHERE key LIKE 'store_%'");
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 10);
  const auto before = content();
  expect_refused(sync_from(other), {"an earlier version", "…9876", "10 of " + std::to_string(known)});
  EXPECT_EQ(content(), before);
  EXPECT_EQ(first.sync().exit_code, 0);
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "cccc");
}

TEST_F(StoreIdentity, ProductsOfFilesAloneBelongToNoStoreYet) {
  first.execute("DELETE FROM state WHERE key LIKE 'store_%'; UPDATE products SET list_json = NULL");
  SyncStand other(other_options(kProducts * 2));
  leave_in(other, 0);
  EXPECT_EQ(sync_from(other).exit_code, 3) << "but the ceiling holds them";
  EXPECT_EQ(first.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "9876");
  EXPECT_EQ(first.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "0");
}

TEST_F(StoreIdentity, WhatWasRemovedDoesNotCount) {
  first.execute("UPDATE products SET removed_at = 1, list_hash = NULL");
  SyncStand other(other_options(20));
  EXPECT_EQ(sync_from(other).exit_code, 0);
}

TEST(EmptyDatabase, BelongsToWhoeverFillsIt) {
  SyncStand stand(store_of(10, "aaaabbbbcccc"));
  EXPECT_EQ(stand.sync({"--limit", "3"}).exit_code, 0);
  EXPECT_EQ(stand.value("SELECT value FROM state WHERE key = 'store_client_id_end/MY_STORE'"), "cccc");
}

}  // namespace
}  // namespace pipeline::test
