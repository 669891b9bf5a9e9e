#include "server_run_test.h"
#include "support/sync_stand.h"

#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <string>
#include <thread>

// A server that dies in mid-run, and comes back or does not.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

class FailoverServerRun : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!shared_server()) GTEST_SKIP() << "no programs of PostgreSQL's: scripts/test installs them";
    server_.emplace();
    stand_.emplace(server_->address());
  }
  [[nodiscard]] int products() {
    try {
      return std::stoi(stand_->value("SELECT count(*) FROM products"));
    } catch (const std::exception&) {  // there is no table yet, or no server
      return 0;
    }
  }
  [[nodiscard]] Process start_upsert(int rows, const std::string& lock_wait) {
    const auto file = stand_->file("many.jsonl", ServerStand::products(rows, 1'000));
    return stand_->start({"upsert", file.string(), "--json", "--lock-wait", lock_wait});
  }

  std::optional<OwnServer> server_;
  std::optional<ServerStand> stand_;
};

TEST_F(FailoverServerRun, ARunGoesOnWhenItsServerIsBack) {
  constexpr int kRows = 60'000;
  for (int round = 0; round < 3; ++round) {
    if (round > 0) (void)stand_->query("DROP SCHEMA " + stand_->schema() + " CASCADE");
    Process upsert = start_upsert(kRows, "60s");
    while (products() == 0 && upsert.running()) std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(round * 40ms);
    server_->kill();
    const bool was_running = upsert.running();
    server_->start();
    const Outcome outcome = upsert.wait();
    EXPECT_TRUE(was_running);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(products(), kRows);
    EXPECT_EQ(stand_->value("SELECT count(*) FROM refresh_queue WHERE reason = 'NEW'"), std::to_string(kRows));
    EXPECT_EQ(stand_->value("SELECT status FROM runs"), "OK");
  }
}

TEST_F(FailoverServerRun, ARunThatWaitsInVainEndsAsTryLater) {
  Process upsert = start_upsert(60'000, "1s");
  while (products() == 0 && upsert.running()) std::this_thread::sleep_for(5ms);
  server_->kill();
  const Outcome outcome = upsert.wait();
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  server_->start();
  (void)stand_->query("UPDATE run_lock SET lease_until = now() - interval '1 s'");  // its time passes
  EXPECT_EQ(start_upsert(60'000, "30s").wait().exit_code, 0) << "it goes on from there";
  EXPECT_EQ(products(), 60'000);
}

TEST_F(FailoverServerRun, ReadersAndWorkersAskAgainToo) {
  ASSERT_EQ(stand_->upsert(ServerStand::products(5, 1'000)).exit_code, 0);
  server_->kill();
  Process claim = stand_->start({"queue", "claim", "--worker", "A", "--limit", "9", "--json"});
  std::this_thread::sleep_for(200ms);
  server_->start();
  const Outcome outcome = claim.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(stand_->value("SELECT count(*) FROM refresh_queue WHERE claimed_by = 'A'"), "5");
}

}  // namespace
}  // namespace pipeline::test
