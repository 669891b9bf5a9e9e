#include "server_run_test.h"
#include "support/kills.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <thread>
#include <vector>

// A run whose machine sleeps until another run has the store, and wakes then.
namespace pipeline::test {
namespace {

using std::chrono::steady_clock;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;

constexpr int kHeldRows = 12'000;
constexpr int kThefts = 3;  // unless more are asked for

class StolenLease : public ::testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    if (!shared_server()) GTEST_SKIP() << "no PostgreSQL server: scripts/test starts one";
  }
  [[nodiscard]] static Process start_upsert(const ServerStand& stand, int price) {
    const auto file = stand.file(fmt::format("{}.jsonl", price), ServerStand::products(kHeldRows, price));
    return stand.start({"upsert", file.string(), "--quiet", "--batch-size", "100", "--lock-wait", "60s"});
  }
  [[nodiscard]] static bool has_or_had_the_store(const ServerStand& stand, const Process& run) {
    return stand.value("SELECT to_regclass('run_lock') IS NOT NULL") == "t" &&
           stand.value(fmt::format("SELECT holder LIKE 'pid {} on %' FROM run_lock", run.pid())) == "t";
  }
  // Every row with the transaction that wrote it, but for the lock's.
  [[nodiscard]] static std::string all_that_is_written(const ServerStand& stand) {
    std::string all;
    for (const char* table :
         {"products", "refresh_queue", "detail_checks", "runs", "state", "images", "packages", "posts"})
      all += stand.value(fmt::format("SELECT '{0} ' || count(*) || ' ' || coalesce(md5(string_agg(t.xmin || t::text, "
                                     "',' ORDER BY t::text)), '') "
                                     "FROM {0} AS t",
                                     table)) +
             "\n";
    return all;
  }
};

// In turns the sleeper wakes when the other run has ended, and while it is at work.
TEST_P(StolenLease, WhoSleptThroughItWritesNothingMore) {
  std::mt19937 random(GetParam());
  std::uniform_real_distribution<double> within(0, 1);
  steady_clock::duration whole_run{};
  {
    const ServerStand calm(*shared_server());
    const auto began = steady_clock::now();
    ASSERT_EQ(start_upsert(calm, 1'000).wait().exit_code, 0);
    whole_run = steady_clock::now() - began;
  }
  int slept = 0;
  int in_the_middle = 0;
  const int rounds = kill_count(kThefts);
  for (int round = 0; slept < rounds && !HasFailure(); ++round) {
    ServerStand stand(*shared_server());
    stand.environment["PGAPPNAME"] = stand.schema();
    const auto moment = whole_run * within(random);
    SCOPED_TRACE(fmt::format("seed {}, round {}, asleep after {} us", GetParam(), round,
                             std::chrono::duration_cast<std::chrono::microseconds>(moment).count()));
    Process sleeper = start_upsert(stand, 1'000);
    std::this_thread::sleep_for(moment);
    sleeper.signal(SIGSTOP);
    stand.end_open_transactions(stand.schema());
    if (!has_or_had_the_store(stand, sleeper)) continue;  // it was not so far
    ++slept;
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s'");

    Process thief = start_upsert(stand, 2'000);
    const bool wakes_early = round % 2 == 1;
    if (wakes_early) {
      std::this_thread::sleep_for(0.3 * whole_run);
    } else {
      const Outcome outcome = thief.wait();
      ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    }
    const std::string before = wakes_early ? "" : all_that_is_written(stand);
    sleeper.signal(SIGCONT);
    const Outcome late = sleeper.wait();
    if (wakes_early) {
      const Outcome outcome = thief.wait();
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    } else {
      EXPECT_EQ(all_that_is_written(stand), before);
    }
    EXPECT_THAT(late.exit_code, AnyOf(Eq(0), Eq(1), Eq(75))) << late.err;
    if (late.exit_code == 1) {
      EXPECT_THAT(late.err, HasSubstr("another run has taken the store over"));
      ++in_the_middle;
    }
    EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE sale_price = 2000"), std::to_string(kHeldRows));
    EXPECT_EQ(stand.value("SELECT count(*) || ' ' || count(DISTINCT sku) FROM refresh_queue"),
              fmt::format("{0} {0}", kHeldRows));
  }
  EXPECT_GT(in_the_middle, 0) << "no run fell asleep between its first batch and its last";
  fmt::print("{} runs slept, {} of them lost the store\n", slept, in_the_middle);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StolenLease, ::testing::ValuesIn(kill_seeds({41})));

}  // namespace
}  // namespace pipeline::test
