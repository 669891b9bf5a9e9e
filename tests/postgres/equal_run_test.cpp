#include "server_run_test.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// The same commands on a file and on a server: what they say has to be the
// same.
namespace pipeline::test {
namespace {

using emulator::Edit;
using nlohmann::json;

class EqualServerRun : public ServerRunTest {
 protected:
  static emulator::Options small_shop() {
    emulator::Options options;
    options.products = 150;
    options.volatile_fields = false;
    options.moving_keys = false;
    options.channel_detail_rate = {};
    return options;
  }

  void SetUp() override {
    ServerRunTest::SetUp();
    if (IsSkipped()) return;
    stand().environment.insert(shop_.environment.begin(), shop_.environment.end());
  }
  // Of both: the server's first.
  std::pair<json, json> sync(const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments{"sync", "--base-url", shop_.base_url()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return {stand().json(arguments), shop_.summary(options)};
  }
  std::pair<Outcome, Outcome> both(const std::vector<std::string>& arguments) {
    std::vector<std::string> on_file{pipeline_binary()};
    on_file.insert(on_file.end(), arguments.begin(), arguments.end());
    auto environment = stand().environment;
    environment["PIPELINE_DB"] = shop_.db().string();
    return {stand().run(arguments), Process(on_file, environment, shop_.folder().path()).wait()};
  }
  // What of a summary is the same wherever it was written.
  static json counts(json summary) {
    for (const char* own : {"run_id", "trace_id", "seconds", "rows_per_second", "metrics_csv"}) summary.erase(own);
    return summary;
  }
  // An entry in words that are the same wherever it stands.
  static std::vector<std::string> told(const Outcome& list) {
    std::vector<std::string> entries;
    for (const auto& entry : json::parse(list.out))
      entries.push_back(fmt::format("{} {} {} {} {}", entry["sku"].get<std::string>(),
                                    entry["status"].get<std::string>(), entry["reason"].get<std::string>(),
                                    entry["attempts"].get<int>(), entry["changes"].dump()));
    std::ranges::sort(entries);
    return entries;
  }
  void expect_equal_queues() {
    const auto [server, file] = both({"queue", "list", "--json"});
    EXPECT_EQ(told(server), told(file));
  }
  void expect_equal_products() {
    constexpr const char* kColumns =
        "SELECT sku, source, name, status, sale_price, stock_quantity, parse_status, modified_at, length(raw_json), "
        "length(list_json), {0}content_hash{1}, {0}list_hash{1}, removed_at IS NULL FROM products ORDER BY sku";
    auto on_server = stand().query(fmt::format(fmt::runtime(kColumns), "coalesce(encode(", ", 'hex'), '')"));
    auto in_file = shop_.query(fmt::format(fmt::runtime(kColumns), "lower(hex(", "))"));
    ASSERT_EQ(on_server.size(), in_file.size());
    for (auto& row : on_server) row.back() = row.back() == "t" ? "1" : "0";
    for (std::size_t i = 0; i < in_file.size(); ++i) EXPECT_EQ(on_server[i], in_file[i]);
  }

  SyncStand shop_{small_shop()};
};

TEST_F(EqualServerRun, NightsOfNewChangedAndGoneProducts) {
  const auto first = sync();
  EXPECT_EQ(first.first["exit_code"], 0) << first.first;
  EXPECT_EQ(counts(first.first), counts(first.second));
  expect_equal_products();

  const auto quiet = sync();
  EXPECT_EQ(counts(quiet.first), counts(quiet.second));

  const auto nos = shop_.store().channel_nos();
  for (std::size_t i = 0; i < 5; ++i)
    shop_.store().edit({.kind = Edit::Kind::set_name, .channel_no = nos[i], .text = fmt::format("새 이름 {}", i)});
  shop_.store().remove(nos[9]);
  const auto changed = sync();
  EXPECT_EQ(counts(changed.first), counts(changed.second));
  expect_equal_products();
  expect_equal_queues();
}

TEST_F(EqualServerRun, ProductFilesThatAreMergedAndChanged) {
  for (const auto& rows :
       {ServerStand::products(40, 1'000), ServerStand::products(40, 2'000), ServerStand::products(40, 1'000),
        std::string("{\"sku\":\"7\",\"brand\":\"온기\",\"body\":\"a\\u0000b\"}\n")}) {
    const auto [server, file] = both({"upsert", stand().file("products.jsonl", rows).string(), "--json"});
    EXPECT_EQ(counts(json::parse(server.out)), counts(json::parse(file.out))) << server.err;
    expect_equal_products();
    expect_equal_queues();
  }
}

TEST_F(EqualServerRun, TheQueueByHand) {
  (void)both({"upsert", stand().file("products.jsonl", ServerStand::products(6, 1'000)).string()});
  const std::vector<std::vector<std::string>> commands{
      {"claim", "--worker", "A", "--limit", "3", "--quiet"},
      {"done", "1", "--worker", "A"},
      {"fail", "2", "--worker", "A", "--reason", "no picture"},
      {"fail", "3", "--worker", "A", "--reason", "no picture", "--max-attempts", "1"},
      {"done", "1", "4", "99"},
      {"retry", "3"},
      {"retry", "--all"}};
  for (std::vector<std::string> arguments : commands) {
    arguments.insert(arguments.begin(), "queue");
    const auto [server, file] = both(arguments);
    EXPECT_EQ(server.exit_code, file.exit_code) << server.err;
    EXPECT_EQ(server.out, file.out);
    EXPECT_EQ(server.err.empty(), file.err.empty()) << server.err << file.err;
    expect_equal_queues();
  }
}

TEST_F(EqualServerRun, StatusAndPrune) {
  (void)sync();
  (void)both({"queue", "done", "1", "2", "3"});
  constexpr const char* kLongAgo =
      "UPDATE refresh_queue SET finished_at = "
      "finished_at - 8640000000 WHERE id < 3";
  (void)stand().query(kLongAgo);
  shop_.execute(kLongAgo);
  const auto statuses = both({"status", "--json"});
  auto [on_server, in_file] = std::pair(json::parse(statuses.first.out), json::parse(statuses.second.out));
  for (json* status : {&on_server, &in_file}) (*status)["queue"].erase("oldest_pending");
  for (const char* key : {"todo", "queue", "counts"}) EXPECT_EQ(on_server[key], in_file[key]);
  const auto [server, file] = both({"prune", "--keep", "90d", "--yes", "--json"});
  EXPECT_EQ(server.exit_code, file.exit_code) << server.err;
  EXPECT_EQ(stand().value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'"), "1");
  expect_equal_queues();
}

TEST_F(EqualServerRun, ANightThatFindsNothingWritesNothing) {
  (void)stand().json({"sync", "--base-url", shop_.base_url(), "--no-samples"});
  const auto versions = [&] { return stand().query("SELECT sku, xmin FROM products ORDER BY sku"); };
  const auto before = versions();
  (void)stand().json({"sync", "--base-url", shop_.base_url(), "--no-samples"});
  EXPECT_EQ(versions(), before);
}

}  // namespace
}  // namespace pipeline::test
