#include "upsert_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::string hundred_rows() {
  std::string rows;
  for (int i = 0; i < 100; ++i) rows += row(fmt::format("{:03}", i), 1000 + i, R"(,"color":"red")") + "\n";
  return rows;
}

class ChangeRun : public ::testing::Test {
 protected:
  // What one row makes of another that is stored; the queue holds what came of that alone.
  json change(const std::string& before, const std::string& after, std::vector<std::string> arguments = {}) {
    (void)stand_.feed(before + "\n");
    stand_.settle_queue();
    updated_at_ = stand_.value("SELECT updated_at FROM products");
    return stand_.feed(after + "\n", std::move(arguments));
  }
  bool is_rewritten() { return stand_.value("SELECT updated_at FROM products") != updated_at_; }

  UpsertStand stand_;
  std::string updated_at_;
};

TEST_F(ChangeRun, AFileRunAgainLeavesTheDatabaseAsItIsToTheByte) {
  const auto first = stand_.feed(hundred_rows(), {"--batch-size", "30"});
  EXPECT_EQ(first["inserted"], 100);
  EXPECT_EQ(first["enqueued"], 100);
  EXPECT_EQ(stand_.metric(first, "db_upsert_rows_total").sum, 100);
  EXPECT_EQ(stand_.value("SELECT count(*) FROM refresh_queue WHERE reason = 'NEW' AND status = 'PENDING'"), "100");
  const auto before = digest_of(stand_.db());

  const auto second = stand_.feed(hundred_rows(), {"--batch-size", "30"});
  EXPECT_EQ(second["exit_code"], 0);
  EXPECT_EQ(second["rows_read"], 100);
  EXPECT_EQ(second["unchanged"], 100);
  EXPECT_EQ(second["enqueued"], 0);
  EXPECT_EQ(stand_.metric(second, "no_change_skip_total").sum, 100);
  EXPECT_EQ(digest_of(stand_.db()), before);
  EXPECT_FALSE(fs::exists(stand_.db().string() + "-wal"));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM runs"), "1");
}

TEST_F(ChangeRun, AnotherSpellingOfTheSameRowIsNoChange) {
  const auto summary = change(R"({"sku":"1","sale_price":1000,"name":"n","color":{"a":1,"b":[2]}})",
                              R"(  { "color": {"b":[2], "a":1}, "name" : "\u006e", "salePrice":1000.0, "sku":"1" }  )");
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_FALSE(is_rewritten());
  EXPECT_EQ(stand_.value("SELECT raw_json FROM products"),
            R"({"sku":"1","sale_price":1000,"name":"n","color":{"a":1,"b":[2]}})");
  EXPECT_THAT(stand_.pending(), ElementsAre());
}

TEST_F(ChangeRun, ADateThatMovedAloneIsStoredButNoChange) {
  const auto summary =
      change(row("1", 1000, R"(,"modified_at":"2026-04-01")"), row("1", 1000, R"(,"modified_at":"2026-05-01")"));
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_EQ(summary["enqueued"], 0);
  EXPECT_FALSE(is_rewritten());
  EXPECT_EQ(stand_.value("SELECT modified_at FROM products"), "2026-04-01");  // nothing of it is written
  EXPECT_THAT(stand_.pending(), ElementsAre());
}

TEST_F(ChangeRun, AChangedPriceIsQueuedWithBothValues) {
  const auto summary = change(row("1", 1000), row("1", 900));
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["enqueued"], 1);
  EXPECT_TRUE(is_rewritten());
  EXPECT_THAT(
      stand_.pending(),
      ElementsAre(ElementsAre("1", "PRICE", R"([{"field":"sale_price","old":1000,"new":900,"reason":"PRICE"}])")));
}

TEST_F(ChangeRun, AChangedOptionIsQueuedAsOne) {
  (void)change(row("1", 1000, R"(,"options":[{"id":7,"name":"S","price":0},{"id":8,"name":"M","price":0}])"),
               row("1", 1000, R"(,"options":[{"id":7,"name":"S","price":0},{"id":8,"name":"M","price":500}])"));
  EXPECT_THAT(stand_.pending(),
              ElementsAre(ElementsAre("1", "OPTION",
                                      R"([{"field":"options[id=8].price","old":0,"new":500,"reason":"OPTION"}])")));
}

TEST_F(ChangeRun, ARemovedProductThatComesAgainIsNew) {
  (void)stand_.feed(row("1", 1000) + "\n");
  stand_.settle_queue();
  stand_.execute("UPDATE products SET removed_at = 1");
  const auto summary = stand_.feed(row("1", 1000) + "\n");
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(stand_.value("SELECT removed_at FROM products"), "NULL");
  EXPECT_THAT(
      stand_.pending(),
      ElementsAre(ElementsAre("1", "NEW", R"([{"field":"product","old":null,"new":"product 1","reason":"NEW"}])")));
}

TEST_F(ChangeRun, WithoutHashSkipEqualRowsAreRewrittenButNotQueued) {
  const auto summary = change(row("1", 1000), row("1", 1000), {"--hash-skip", "off"});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["unchanged"], 0);
  EXPECT_EQ(summary["enqueued"], 0);
  EXPECT_TRUE(is_rewritten());
  EXPECT_EQ(stand_.metric(summary, "db_upsert_rows_total").sum, 1);
  EXPECT_THAT(stand_.pending(), ElementsAre());

  EXPECT_EQ(stand_.feed(row("1", 900) + "\n", {"--hash-skip", "off"})["enqueued"], 1);
}

// --- several rows of one product ---

TEST_F(ChangeRun, TheLastRowOfASkuCounts) {
  const auto summary = change(row("1", 1000), lines({row("1", 1100), row("1", 1300), row("1", 1200)}));
  EXPECT_EQ(summary["rows_read"], 3);
  EXPECT_EQ(summary["superseded"], 2);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_THAT(
      stand_.pending(),
      ElementsAre(ElementsAre("1", "PRICE", R"([{"field":"sale_price","old":1000,"new":1200,"reason":"PRICE"}])")));
}

TEST_F(ChangeRun, TheLastRowCountsAcrossTransactionsToo) {
  const auto rows = lines({row("1", 1100), row("2", 1), row("1", 1300), row("3", 1), row("1", 1200)});
  const auto summary = change(row("1", 1000), rows, {"--batch-size", "2"});
  EXPECT_EQ(summary["superseded"], 0);
  EXPECT_EQ(summary["updated"], 3);
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(stand_.value("SELECT sale_price FROM products WHERE sku = '1'"), "1200");
  EXPECT_THAT(
      stand_.pending(),
      ElementsAre(ElementsAre("1", "PRICE", R"([{"field":"sale_price","old":1000,"new":1200,"reason":"PRICE"}])"),
                  ElementsAre("2", "NEW", testing::_), ElementsAre("3", "NEW", testing::_)));
}

TEST_F(ChangeRun, TheLastFileCounts) {
  const auto first = stand_.file("1.jsonl", row("1", 1000) + "\n");
  const auto second = stand_.file("2.jsonl", row("1", 2000) + "\n");
  (void)stand_.summary({first, second});
  EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "2000");
  (void)stand_.summary({second, first});
  EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "1000");
}

TEST_F(ChangeRun, ThereAndBackIsNoChange) {
  for (const char* batch_size : {"1", "2", "1000"}) {
    SCOPED_TRACE(batch_size);
    (void)change(row("1", 1000), lines({row("1", 1000), row("1", 1100), row("1", 1000)}), {"--batch-size", batch_size});
    EXPECT_EQ(stand_.value("SELECT sale_price FROM products"), "1000");
    EXPECT_THAT(stand_.pending(), ElementsAre());
  }
}

}  // namespace
}  // namespace pipeline::test
