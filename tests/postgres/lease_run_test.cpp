#include "server_run_test.h"
#include "support/sync_stand.h"

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

// One run at a time on a store, wherever the runs are.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A shop that answers slowly: its sync is under way for as long as a test
// needs.
class LeaseServerRun : public ServerRunTest {
 protected:
  void SetUp() override {
    ServerRunTest::SetUp();
    if (IsSkipped()) return;
    stand().environment.insert(shop_.environment.begin(), shop_.environment.end());
  }
  [[nodiscard]] static emulator::Options slow_shop() {
    emulator::Options options;
    options.products = 400;
    options.latency = 60ms;
    options.channel_detail_rate = {};
    return options;
  }
  [[nodiscard]] Process start_sync() {
    return stand().start({"sync", "--base-url", shop_.base_url(), "--workers", "4", "--batch-size", "20", "--json"});
  }
  [[nodiscard]] int products() {
    try {
      return std::stoi(stand().value("SELECT count(*) FROM products"));
    } catch (const std::exception&) {  // there is no table yet
      return 0;
    }
  }
  // Returns how many there are then.
  int wait_for_products(Process& sync, int at_least) {
    while (products() < at_least && sync.running()) std::this_thread::sleep_for(10ms);
    return products();
  }

  SyncStand shop_{slow_shop()};
};

TEST_F(LeaseServerRun, ASecondRunIsToldWhoHasTheStore) {
  Process sync = start_sync();
  ASSERT_GT(wait_for_products(sync, 1), 0);
  const Outcome second = stand().run({"sync", "--base-url", shop_.base_url()});
  EXPECT_EQ(second.exit_code, 75);
  EXPECT_THAT(second.err, AllOf(HasSubstr(stand().schema()), HasSubstr("pipeline sync, since"), HasSubstr("pid ")));
  EXPECT_EQ(sync.wait().exit_code, 0);
}

TEST_F(LeaseServerRun, WhoLosesTheStoreWritesNothingMore) {
  Process sync = start_sync();
  ASSERT_GT(wait_for_products(sync, 1), 0);
  // As if this machine had slept until another had taken the store over.
  (void)stand().query("UPDATE run_lock SET token = token + 1, holder = 'another machine'");
  const int then = products();
  const Outcome outcome = sync.wait();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("another run has taken the store over"));
  EXPECT_EQ(products(), then);
  EXPECT_EQ(stand().value("SELECT holder FROM run_lock"), "another machine");
}

// Its stages go by its lease.
TEST_F(LeaseServerRun, ANightThatLosesTheStoreWritesNothingMoreEither) {
  stand().environment.insert({{"PIPELINE_SYNC_BASE_URL", shop_.base_url()},
                              {"PIPELINE_SYNC_WORKERS", "4"},
                              {"PIPELINE_SYNC_BATCH_SIZE", "20"}});
  Process night = stand().start({"night", "--json"});
  ASSERT_GT(wait_for_products(night, 1), 0);
  (void)stand().query("UPDATE run_lock SET token = token + 1, holder = 'another machine'");
  const int then = products();
  const Outcome outcome = night.wait();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("another run has taken the store over"));
  EXPECT_EQ(products(), then);
}

TEST_F(LeaseServerRun, ARunThatWasKilledKeepsTheStoreForTheLeaseAlone) {
  Process sync = start_sync();
  ASSERT_GT(wait_for_products(sync, 1), 0);
  sync.signal(SIGKILL);
  (void)sync.wait();
  EXPECT_EQ(stand().run({"sync", "--base-url", shop_.base_url()}).exit_code, 75);
  (void)stand().query("UPDATE run_lock SET lease_until = now() - interval '1 s'");  // its time
                                                                                    // passes
  shop_.store().set_latency(Nanoseconds(0), Nanoseconds(0));
  const auto next = stand().json({"sync", "--base-url", shop_.base_url()});
  EXPECT_EQ(next["exit_code"], 0) << next;
  EXPECT_EQ(products(), static_cast<int>(shop_.store().size()));
  EXPECT_EQ(stand().value("SELECT count(*) FROM runs WHERE status = 'KILLED'"), "1");
}

}  // namespace
}  // namespace pipeline::test
