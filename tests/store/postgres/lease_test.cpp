#include "postgres/lease.h"

#include "pipeline/base/error.h"

#include "server_fixture.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pipeline::store::postgres {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

class LeaseTest : public ServerTest {
 protected:
  std::shared_ptr<Lease> take(std::string_view what = "pipeline sync", milliseconds time = kLeaseTime) {
    return std::make_shared<Lease>(address_, what, clock_.wall(), clock_, time);
  }
  // As if the holder's machine slept so long that another run has taken the store over.
  void steal() {
    (void)connect(Mode::bare)->ask("steal", "UPDATE @run_lock SET token = token + 1, holder = 'a thief'");
  }
  static void note(Connection& connection, std::string_view run) {
    connection.write([&](Transaction& transaction) {
      (void)transaction.ask("note a run",
                            "INSERT INTO @runs (run_id, trace_id, command, options, started_at, status) "
                            "VALUES ($1, '', '', '', 0, 'OK')",
                            Values::of(run));
    });
  }
  std::int64_t runs() { return connect()->ask("count", "SELECT count(*) FROM @runs").integer(0, 0); }
};

TEST_F(LeaseTest, IsHeldByOneAndToldToOthers) {
  const auto held = take("pipeline sync");
  EXPECT_THAT(message_of<TryLaterError>([&] { (void)take("pipeline upsert"); }),
              AllOf(HasSubstr(address_.name), HasSubstr("pid "), HasSubstr("pipeline sync"), HasSubstr("2026-")));
  EXPECT_THAT(holder_of_lease(*connect()).value_or(""), HasSubstr("pipeline sync"));
}

TEST_F(LeaseTest, IsFreeOnceItIsLetGo) {
  take().reset();
  EXPECT_EQ(holder_of_lease(*connect()), std::nullopt);
  EXPECT_NE(take(), nullptr);
}

TEST_F(LeaseTest, WhereNobodyEverWroteNobodyHoldsIt) {
  EXPECT_EQ(holder_of_lease(*connect(Mode::any_schema)), std::nullopt);
}

TEST_F(LeaseTest, ManyWhoAskAtOnceGetItOnce) {
  std::atomic<int> held = 0;
  std::atomic<int> refused = 0;
  std::vector<std::shared_ptr<Lease>> leases(6);
  std::vector<std::thread> runs;
  for (auto& lease : leases)
    runs.emplace_back([&] {
      try {
        lease = take();
        ++held;
      } catch (const TryLaterError&) {
        ++refused;
      }
    });
  for (auto& run : runs) run.join();
  EXPECT_EQ(held, 1);
  EXPECT_EQ(refused, 5);
}

// Longer than the lease, which its thread moves on.
TEST_F(LeaseTest, StaysWhileItsHolderLives) {
  const auto held = take("pipeline sync", milliseconds(600));
  std::this_thread::sleep_for(milliseconds(1'500));
  EXPECT_THROW((void)take(), TryLaterError);
}

TEST_F(LeaseTest, GoesByItselfWhenItsHolderIsSilent) {
  const auto held = take();
  (void)connect(Mode::bare)->ask("let it run out", "UPDATE @run_lock SET lease_until = now() - interval '1 s'");
  const auto next = take("pipeline upsert");
  EXPECT_THAT(holder_of_lease(*connect()).value_or(""), HasSubstr("pipeline upsert"));
}

TEST_F(LeaseTest, WhoseItIsMayWrite) {
  const auto held = take();
  note(*connect(Mode::read_write, held), "r1");
  EXPECT_EQ(runs(), 1);
}

TEST_F(LeaseTest, WhoLostItWritesNothingMoreAndIsToldWhy) {
  const auto lost = take();
  const auto writer = connect(Mode::read_write, lost);
  note(*writer, "r1");
  steal();
  EXPECT_THAT(message_of([&] { note(*writer, "r2"); }),
              AllOf(HasSubstr(address_.name), HasSubstr("taken the store over")));
  EXPECT_EQ(runs(), 1);
}

// A machine that is gone in the middle of a transaction, which would keep the lease's row locked: the server ends it.
TEST_F(LeaseTest, ATransactionThatFallsSilentHoldsUpNobodyForLonger) {
  const auto silent = take("pipeline sync", milliseconds(300));
  const auto writer = connect(Mode::read_write, silent);
  int attempts = 0;
  writer->write([&](Transaction& transaction) {
    (void)transaction.ask("hold the lock's row", "SELECT 1");
    if (++attempts > 1) return;
    connect(Mode::bare, nullptr, milliseconds(5'000))->write([](Transaction& rival) {
      (void)rival.ask("wait for the row", "UPDATE @run_lock SET holder = 'a rival'");
    });
  });
  EXPECT_EQ(attempts, 2) << "it is done again, since nobody has taken the store over";
}

TEST_F(LeaseTest, WhoLostItTakesItFromNobodyAtItsEnd) {
  auto lost = take();
  steal();
  lost.reset();
  EXPECT_EQ(holder_of_lease(*connect()), "a thief");
}

}  // namespace
}  // namespace pipeline::store::postgres
