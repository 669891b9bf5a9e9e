#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

std::string ten_rows(int price) {
  std::string rows;
  for (int i = 0; i < 10; ++i) rows += row(std::to_string(i), price) + "\n";
  return rows;
}

TEST(ReportRun, TheSummaryHasItsKeysAndTheMetricsTheirFile) {
  UpsertStand stand;
  const auto summary =
      stand.feed(ten_rows(1) + "{}\n", {"--trace-id", "4bf92f3577b34da6a3ce929d0e0e4736", "--batch-size", "4"});
  for (const char* key : {"run_id", "seconds", "rows_per_second", "bytes_read", "files_failed"})
    EXPECT_TRUE(summary.contains(key)) << key;
  EXPECT_EQ(summary["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(summary["command"], "upsert");
  EXPECT_EQ(summary["status"], "partial");
  EXPECT_EQ(summary["enqueued"], 10);
  EXPECT_TRUE(summary["stopped"].is_null());
  const fs::path csv = summary["metrics_csv"].get<std::string>();
  EXPECT_EQ(csv.filename(), "upsert-" + summary["run_id"].get<std::string>() + ".csv");
  EXPECT_TRUE(fs::exists(stand.metrics() / (csv.stem().string() + "-samples.csv")));
  EXPECT_TRUE(fs::exists(stand.metrics() / "history.csv"));
  EXPECT_EQ(stand.metric(summary, "upsert_total_seconds").count, 1);
  EXPECT_EQ(stand.metric(summary, "db_upsert_seconds").count, 3);
  EXPECT_EQ(stand.metric(summary, "db_upsert_rows_total").sum, 10);
  EXPECT_EQ(stand.metric(summary, "refresh_queue_enqueue_total").sum, 10);
  EXPECT_EQ(stand.metric(summary, "no_change_skip_total").sum, 0);
  EXPECT_EQ(stand.metric(summary, "db_lock_wait_seconds").count, 0);
  EXPECT_EQ(stand.metric(summary, "db_conflict_total").sum, 0);

  const auto run = stand.query("SELECT run_id, trace_id, command, status, exit_code, counts, options FROM runs");
  ASSERT_EQ(run.size(), 1U);
  EXPECT_EQ(std::vector(run[0].begin(), run[0].begin() + 5),
            (std::vector<std::string>{summary["run_id"], summary["trace_id"], "upsert", "PARTIAL", "3"}));
  const auto counts = json::parse(run[0][5]);
  for (const char* count : {"rows_read", "inserted", "updated", "unchanged", "superseded", "rejected", "enqueued"})
    EXPECT_EQ(counts[count], summary[count]) << count;
  EXPECT_EQ(json::parse(run[0][6])["batch_size"], 4);
}

TEST(ReportRun, AGoodRunThatChangedSomethingIsNoted) {
  UpsertStand stand;
  (void)stand.feed(ten_rows(1));
  (void)stand.feed(ten_rows(2));
  EXPECT_EQ(stand.query("SELECT status, exit_code, json_extract(counts, '$.updated') FROM runs ORDER BY started_at"),
            (SqlRows{{"OK", "0", "0"}, {"OK", "0", "10"}}));
}

TEST(ReportRun, WithoutJsonThereIsATableAndASummary) {
  UpsertStand stand;
  const Outcome outcome = stand.text({stand.file("rows", ten_rows(1) + "{}\n")});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("db_txn"), HasSubstr("upsert partial in"),
                                 HasSubstr("rows 11: 10 inserted, 0 updated, 0 unchanged, 1 rejected"),
                                 HasSubstr("rows:11: has no sku"), HasSubstr("10 queued for refresh")));
}

// --- transactions and the index, for comparison ---

TEST(ReportRun, TransactionsAreAsLargeAsAskedFor) {
  UpsertStand stand;
  (void)stand.feed(ten_rows(1));
  int price = 1;
  const auto transactions = [&](std::vector<std::string> arguments) {
    return stand.metric(stand.feed(ten_rows(++price), std::move(arguments)), "db_txn_seconds").count;
  };
  EXPECT_EQ(transactions({}), 1);
  EXPECT_EQ(transactions({"--batch-size", "3"}), 4);
  EXPECT_EQ(transactions({"--commit", "row"}), 10);
  EXPECT_EQ(stand.value("SELECT group_concat(DISTINCT sale_price) FROM products"), std::to_string(price));
}

TEST(ReportRun, WithoutTheIndexTheRowsAreTheSame) {
  UpsertStand with;
  UpsertStand without;
  const auto rows = ten_rows(1) + ten_rows(2);
  for (const auto& round : {rows, ten_rows(3), ten_rows(3)}) {
    const auto one = with.feed(round, {"--batch-size", "10"});
    const auto other = without.feed(round, {"--batch-size", "10", "--sku-index", "off"});
    for (const char* count : {"exit_code", "inserted", "updated", "unchanged", "enqueued"})
      EXPECT_EQ(one[count], other[count]) << count;
  }
  EXPECT_EQ(without.query(kProducts), with.query(kProducts));
  EXPECT_EQ(without.pending(), with.pending());
  EXPECT_EQ(without.value("SELECT count(*) FROM pragma_index_list('products') WHERE origin = 'pk'"), "0");

  const auto refused = without.feed(ten_rows(4));
  EXPECT_EQ(refused["exit_code"], 2);
  EXPECT_THAT(refused["stopped"].get<std::string>(), AllOf(HasSubstr(without.db().string()), HasSubstr("--db")));
  const auto too_late = with.feed(ten_rows(4), {"--sku-index", "off"});
  EXPECT_EQ(too_late["exit_code"], 2);
  EXPECT_THAT(too_late["stopped"].get<std::string>(), AllOf(HasSubstr("holds products"), HasSubstr("--db")));
  EXPECT_EQ(with.value("SELECT max(sale_price) FROM products"), "3");
  EXPECT_EQ(with.value("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace pipeline::test
