#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using nlohmann::json;

// Slow enough that a signal finds the run in its middle: 300 details at 100 a second.
emulator::Options slow_store() {
  emulator::Options options;
  options.products = 300;
  options.latency = 20ms;
  options.channel_detail_rate = {.rate = 100, .burst = 20};
  return options;
}

void wait_for_details(SyncStand& stand, std::uint64_t count) {
  while (stand.store().stats().distinct_details < count) std::this_thread::sleep_for(5ms);
}

class Signalled : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Signalled, StopsCallingWritesWhatArrivedAndReports) {
  const auto [signal, code] = GetParam();
  SyncStand stand(slow_store());
  Process run = stand.start();
  wait_for_details(stand, 60);
  run.signal(signal);
  const auto outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, code);
  const auto summary = json::parse(outcome.out);
  const auto fetched = summary["detail_fetched"].get<int>();
  EXPECT_GE(fetched, 50);
  EXPECT_LT(fetched, 300);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), std::to_string(fetched));
  EXPECT_EQ(stand.value("SELECT status FROM runs"), "INTERRUPTED");
  EXPECT_TRUE(std::filesystem::exists(summary["metrics_csv"].get<std::string>()));

  const auto size = stand.store().size();
  stand.store().reset_stats();
  stand.store().set_rate(emulator::Target::any, {});
  EXPECT_EQ(stand.sync().exit_code, 0);
  EXPECT_EQ(stand.store().stats().distinct_details, size - static_cast<std::size_t>(fetched)) << "the next run goes on";
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), std::to_string(size));
}

INSTANTIATE_TEST_SUITE_P(Interruption, Signalled,
                         ::testing::Values(std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 143)));

TEST(Interruption, AKilledRunIsToldFromOneThatEnded) {
  SyncStand stand(slow_store());
  Process run = stand.start();
  wait_for_details(stand, 10);
  run.signal(SIGKILL);
  (void)run.wait();
  EXPECT_EQ(stand.sync({"--limit", "1"}).exit_code, 0);
  EXPECT_EQ(stand.value("SELECT group_concat(status) FROM (SELECT status FROM runs ORDER BY started_at)"), "KILLED,OK");
}

TEST(Interruption, OneRunAtATimeAndTheHolderIsNamed) {
  SyncStand stand(slow_store());
  Process holder = stand.start();
  wait_for_details(stand, 10);
  const auto outcome = stand.sync();
  EXPECT_EQ(outcome.exit_code, 75);
  EXPECT_NE(outcome.err.find("held by another run (pid "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("pipeline sync"), std::string::npos);
  EXPECT_EQ(json::parse(outcome.out)["status"], "try_later");

  holder.signal(SIGKILL);
  (void)holder.wait();
  EXPECT_EQ(stand.sync({"--limit", "1"}).exit_code, 0) << "the lock did not die with its holder";
}

TEST(Interruption, TheDeadlineLeavesTheRestToTheNextRun) {
  SyncStand stand(slow_store());
  const auto outcome = stand.sync({"--deadline", "1s"});
  const auto summary = json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(summary["stopped"], "the deadline passed");
  const auto fetched = summary["detail_fetched"].get<std::size_t>();
  EXPECT_EQ(summary["unreached"].get<std::size_t>() + fetched, stand.store().size());
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), std::to_string(fetched));
}

TEST(Interruption, ADatabaseThatFailsEndsTheRunWithItsNameAndKeepsWhatWasCommitted) {
  SyncStand stand(slow_store());
  (void)stand.summary({"--limit", "20", "--batch-size", "10"});
  // A trigger stands in for a disk that fails in the middle of a later batch.
  stand.execute(
      "CREATE TRIGGER broken BEFORE INSERT ON products WHEN (SELECT count(*) FROM products) >= 55 "
      "BEGIN SELECT RAISE(ABORT, 'no space left'); END");
  const auto outcome = stand.sync({"--batch-size", "10"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("store.db"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("no space left"), std::string::npos);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), "50");
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), "50");
  const auto summary = json::parse(outcome.out);
  EXPECT_EQ(summary["status"], "failed");
  EXPECT_EQ(summary["written"], 30);
  EXPECT_EQ(summary["enqueued"], 30);
}

}  // namespace
}  // namespace pipeline::test
