#include "pipeline/base/file.h"

#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace pipeline::test {
namespace {

using nlohmann::json;

emulator::Options small_store() {
  emulator::Options options;
  options.products = 20;
  return options;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::istringstream stream(read_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Reports, TheThreeFilesHaveTheirHeadersAndTheirRows) {
  SyncStand stand(small_store());
  const auto summary = stand.summary({"--trace-id", "4bf92f3577b34da6a3ce929d0e0e4736"});
  EXPECT_EQ(summary["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  const std::filesystem::path csv = summary["metrics_csv"].get<std::string>();
  EXPECT_EQ(csv.filename(), "sync-" + summary["run_id"].get<std::string>() + ".csv");
  EXPECT_EQ(lines_of(csv)[0],
            "run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code\r");
  const auto text = read_file(csv);
  for (const char* metric :
       {"sync_total_seconds", "token_fetch_seconds", "list_fetch_seconds", "detail_fetch_seconds", "api_requests_total",
        "api_429_total", "retry_total", "changed_sku_ratio", "refresh_queue_enqueue_total", "db_upsert_rows_total",
        "db_upsert_seconds", "db_txn_seconds", "db_lock_wait_seconds", "db_conflict_total", "no_change_skip_total"})
    EXPECT_NE(text.find("," + std::string(metric) + ","), std::string::npos) << metric;

  const auto samples = lines_of(stand.metrics() / (csv.stem().string() + "-samples.csv"));
  EXPECT_EQ(samples[0], "trace_id,content_id,sku,metric,started_at,seconds\r");
  for (const auto no : stand.store().channel_nos())
    EXPECT_EQ(std::ranges::count_if(samples,
                                    [&](const std::string& line) {
                                      return line.find("," + std::to_string(no) + ",detail_fetch_seconds,") !=
                                             std::string::npos;
                                    }),
              1)
        << no;

  (void)stand.summary({"--no-samples"});
  const auto history = lines_of(stand.metrics() / "history.csv");
  EXPECT_EQ(history[0].substr(0, 18), "started_at,run_id,");
  EXPECT_EQ(
      std::ranges::count_if(
          history, [](const std::string& line) { return line.find(",sync_total_seconds,") != std::string::npos; }),
      2);
}

TEST(Reports, AFailedRunLeavesItsNumbersToo) {
  SyncStand stand(small_store());
  stand.store().add_fault({.target = emulator::Target::list, .kind = emulator::FaultKind::bad_request});
  const auto summary = stand.summary();
  EXPECT_EQ(summary["status"], "failed");
  EXPECT_NE(read_file(summary["metrics_csv"].get<std::string>()).find("endpoint=list;status=400"), std::string::npos);
  EXPECT_EQ(stand.value("SELECT status || exit_code FROM runs"), "FAILED1");
}

TEST(Reports, PrometheusTellsHowTheRunEnded) {
  SyncStand stand(small_store());
  const auto file = stand.folder() / "pipeline.prom";
  (void)stand.summary({"--prometheus", file.string()});
  const auto text = read_file(file);
  EXPECT_NE(text.find("pipeline_last_run_exit_code{command=\"sync\"} 0"), std::string::npos) << text;
  EXPECT_NE(text.find("pipeline_detail_fetch_seconds{command=\"sync\",quantile=\"0.95\"}"), std::string::npos);
}

TEST(Reports, JsonModePutsOneDocumentOnStandardOutput) {
  SyncStand stand(small_store());
  const auto outcome = stand.sync();
  const auto summary = json::parse(outcome.out);  // throws on anything beside it
  for (const char* key :
       {"run_id", "trace_id", "command", "status", "seconds", "listed", "new", "changed", "unchanged", "removed",
        "detail_fetched", "failed", "enqueued", "api_requests", "api_429", "retries", "metrics_csv", "failures"})
    EXPECT_TRUE(summary.contains(key)) << key;
}

TEST(Reports, EveryJsonLogLineParsesAndCarriesTheTraceId) {
  SyncStand stand(small_store());
  const auto no = stand.store().channel_nos().front();
  stand.store().add_fault({.target = emulator::Target::channel_detail,
                           .product_no = no,
                           .kind = emulator::FaultKind::status,
                           .status = 500});
  const auto outcome = stand.sync({"--log-format", "json", "--log-level", "debug", "--max-retries", "1"});
  const auto trace = json::parse(outcome.out)["trace_id"];
  std::istringstream stream(outcome.err);
  bool sku_named = false;
  for (std::string line; std::getline(stream, line);) {
    const auto entry = json::parse(line);
    EXPECT_EQ(entry["trace_id"], trace);
    sku_named = sku_named || entry.value("sku", "") == std::to_string(no);
  }
  EXPECT_TRUE(sku_named);
}

TEST(Reports, SecretsAndTokensAreNowhere) {
  SyncStand stand(small_store());
  const auto outcome = stand.sync({"--log-level", "trace"});
  const auto secret = stand.environment["NAVER_COMMERCE_CLIENT_SECRET"];
  std::string all = outcome.out + outcome.err;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stand.folder().path()))
    if (entry.is_regular_file()) all += read_file(entry.path());
  EXPECT_EQ(all.find(secret), std::string::npos);
  EXPECT_EQ(all.find("Bearer"), std::string::npos);
  EXPECT_EQ(all.find("client_secret_sign"), std::string::npos);
}

}  // namespace
}  // namespace pipeline::test
