#pragma once

#include "pipeline/base/error.h"
#include "pipeline/store/database.h"
#include "pipeline/store_postgres/database.h"
#include "pipeline/store_sqlite/database.h"

#include "../products.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

// What the contract of store/ promises, held against each engine: a test here knows the interfaces alone. A new engine
// is a line in kEngines.
namespace pipeline::store {

struct Engine {
  const char* name;
  std::unique_ptr<Database> (*make)(const std::filesystem::path& folder);  // the same folder, the same database
};
inline void PrintTo(const Engine& engine, std::ostream* out) {
  *out << engine.name;
}

// A store of its own in the server that scripts/test has started; null where there is none.
inline std::unique_ptr<Database> make_on_server(const std::filesystem::path& folder) {
  const char* server = std::getenv("PIPELINE_TEST_POSTGRES");
  if (server == nullptr) return nullptr;
  const auto schema = fmt::format("test_{:x}", std::hash<std::string>()(folder.string()));
  return postgres::server_database(fmt::format("{}&schema={}", server, schema), sqlite::run_list,
                                   sqlite::file_database(":memory:"));
}

inline const std::array kEngines{
    Engine{"sqlite", [](const std::filesystem::path& folder) { return sqlite::file_database(folder / "pipeline.db"); }},
    Engine{"postgres", make_on_server}};

// Those that let several package workers at one store.
inline const std::array kSharedEngines{kEngines[1]};

#define HOLD_EVERY_ENGINE(suite)                                          \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(kEngines), \
                           [](const auto& tested) { return std::string(tested.param.name); })

#define HOLD_SHARED_ENGINES(suite)                                              \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(kSharedEngines), \
                           [](const auto& tested) { return std::string(tested.param.name); })

// A database of its own, under a clock that is turned by hand.
class ConformanceTest : public ::testing::TestWithParam<Engine> {
 protected:
  [[nodiscard]] Store open(Opening::Mode mode = Opening::Mode::write,
                           std::chrono::milliseconds patience = std::chrono::milliseconds(0)) {
    return database_->open(clock_, {.mode = mode, .patience = patience, .metrics = &metrics_});
  }
  [[nodiscard]] Catalogue& catalogue() const { return *store_.catalogue; }
  [[nodiscard]] Queue& queue() const { return *store_.queue; }

  Written write(const std::vector<catalogue::Product>& products, const Writing& how = {.run_id = "run"}) const {
    std::vector<Delivery> deliveries;
    for (const auto& product : products) deliveries.push_back({&product});
    return catalogue().write({.products = deliveries}, how);
  }
  WriteOutcome write(const catalogue::Product& product, const Writing& how = {.run_id = "run"}) const {
    return write(std::vector{product}, how).outcomes.at(0);
  }
  bool remove(std::string sku, std::string_view source = "MY_STORE") const {
    const std::vector<RemovalCandidate> products{{std::move(sku), ""}};
    return catalogue().remove(source, products, "run").outcomes.at(0) == WriteOutcome::updated;
  }
  [[nodiscard]] FoundProduct stored(std::string_view name) const {
    const auto found = catalogue().find_by_sku(name);
    EXPECT_EQ(found.size(), 1U) << name;
    return found.empty() ? FoundProduct{} : found.front();
  }

  [[nodiscard]] std::vector<catalogue::QueueEntry> entries(const QueueFilter& filter = {}) const {
    std::vector<catalogue::QueueEntry> all;
    queue().each(filter, [&](const catalogue::QueueEntry& entry) { all.push_back(entry); });
    return all;
  }
  // `SKU REASON` of those that wait.
  [[nodiscard]] std::vector<std::string> waiting() const {
    std::vector<std::string> all;
    for (const auto& entry : entries({.statuses = {catalogue::QueueStatus::pending}}))
      all.push_back(entry.name + " " + entry.reason);
    return all;
  }
  // What is in the queue was taken note of.
  void settle_queue() const {
    for (const auto& entry : entries()) (void)queue().done(std::array{entry.id}, std::nullopt);
  }

  // What the call throws, as text; empty when it doesn't.
  template <typename E = Error, typename F>
  static std::string message_of(F&& call) {
    try {
      call();
    } catch (const E& error) {
      return error.what();
    }
    return {};
  }

  void SetUp() override {
    if (!database_) GTEST_SKIP() << "no PostgreSQL server: scripts/test starts one";
    store_ = open();
    prepare();
  }
  virtual void prepare() {}  // the store, which is open

  test::TempDir dir_;
  test::FakeClock clock_;
  metrics::Metrics metrics_{clock_};
  std::unique_ptr<Database> database_ = GetParam().make(dir_.path());
  Store store_;
};

}  // namespace pipeline::store
