#include "postgres/rounds.h"

#include "pipeline/base/error.h"

#include "postgres/packages.h"
#include "postgres/runs.h"
#include "server_fixture.h"

#include <memory>
#include <string>
#include <vector>

// What only time shows: workers that are silent for longer than their lease. What a round promises to all engines,
// conformance/rounds_test.cpp holds.
namespace pipeline::store::postgres {
namespace {

using ::testing::HasSubstr;

class RoundsTest : public ServerTest {
 protected:
  struct Worker {
    std::shared_ptr<Lease> lease;
    std::shared_ptr<Connection> connection;
    std::unique_ptr<Rounds> rounds;
  };
  Worker worker() {
    Worker made;
    made.lease =
        std::make_shared<Lease>(address_, "package", clock_.wall(), clock_, kLeaseTime, Lease::Kind::among_workers);
    made.connection = connect(Mode::read_write, made.lease);
    made.rounds = std::make_unique<Rounds>(made.connection);
    (void)made.rounds->begin("round");
    return made;
  }
  void begin(Worker& worker, const std::vector<std::string>& folders) {
    ASSERT_EQ(worker.rounds->next(), Step::lay_out);
    worker.rounds->lay_out({.kind = StageKind::queue, .entries = {}}, folders);
  }
  // As if the worker's machine slept.
  void silence(const Worker& worker) {
    (void)connect(Mode::bare)
        ->ask("let it run out", "UPDATE @run_lock SET lease_until = now() - interval '1 s' WHERE name = $1",
              Values::of(worker.lease->name()));
  }
  static void start_run(const Worker& worker, const std::string& run_id) {
    Runs(worker.connection)
        .start({.run_id = run_id, .trace_id = {}, .command = "package", .options_json = "{}", .at = {}});
  }
  std::string status_of(const std::string& run_id) {
    return std::string(
        connect()->ask("look", "SELECT status FROM @runs WHERE run_id = $1", Values::of(run_id)).text(0, 0));
  }
};

TEST_F(RoundsTest, WhoIsSilentForTooLongWritesNothingMore) {
  Worker silent = worker();
  Worker other = worker();
  begin(silent, {"A"});
  EXPECT_TRUE(silent.rounds->take());
  silence(silent);
  EXPECT_TRUE(other.rounds->take());
  for (const std::string& message :
       {message_of([&] { silent.rounds->confirm(); }), message_of([&] { silent.rounds->finish(1, ""); }),
        message_of([&] { Packages(silent.connection).put({.content_id = "A", .run_id = "run"}, {}); })})
    EXPECT_THAT(message, HasSubstr("taken the store over"));
  EXPECT_FALSE(other.rounds->outcomes().at(0).done);
  EXPECT_FALSE(Packages(other.connection).find("A"));
}

// Nobody wanted what it had.
TEST_F(RoundsTest, WhoWasSilentAndLostNothingGoesOn) {
  Worker silent = worker();
  begin(silent, {"A"});
  EXPECT_TRUE(silent.rounds->take());
  silence(silent);
  silent.rounds->finish(1, "");
  EXPECT_TRUE(silent.rounds->outcomes().at(0).done);
}

TEST_F(RoundsTest, AWorkerThatIsSilentKeepsNoOtherRunOut) {
  Worker silent = worker();
  silence(silent);
  const Lease alone(address_, "sync", clock_.wall(), clock_);
  EXPECT_THAT(message_of([&] { silent.rounds->confirm(); }), HasSubstr("taken the store over"));
}

TEST_F(RoundsTest, ARunThatWasAloneAndIsSilentWritesNothingAmongWorkers) {
  const auto alone = std::make_shared<Lease>(address_, "sync", clock_.wall(), clock_);
  const auto connection = connect(Mode::read_write, alone);
  (void)connect(Mode::bare)->ask("let it run out", "UPDATE @run_lock SET lease_until = now() - interval '1 s'");
  const Worker next = worker();
  EXPECT_THAT(message_of([&] { connection->write([](Transaction&) {}); }), HasSubstr("taken the store over"));
}

TEST_F(RoundsTest, ARunIsMarkedAsKilledWhenNobodyElseIsAtWork) {
  Worker first = worker();
  start_run(first, "first");
  Worker second = worker();
  start_run(second, "second");
  EXPECT_EQ(status_of("first"), "RUNNING");
  silence(first);
  Worker third = worker();
  start_run(third, "third");
  EXPECT_EQ(status_of("first"), "RUNNING") << "the second might be";
  silence(second);
  silence(third);
  Worker fourth = worker();
  start_run(fourth, "fourth");
  for (const char* run : {"first", "second", "third"}) EXPECT_EQ(status_of(run), "KILLED") << run;
}

}  // namespace
}  // namespace pipeline::store::postgres
