#include "pipeline/base/run_lock.h"

#include "upsert_stand.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;

class InterruptedRun : public ::testing::TestWithParam<std::pair<int, int>> {
 protected:
  void SetUp() override { (void)stand_.feed(row("known", 1) + "\n"); }
  [[nodiscard]] int stored() const { return std::stoi(stand_.value("SELECT count(*) FROM products")) - 1; }
  void wait_for(int products) const {
    while (stored() < products) std::this_thread::sleep_for(5ms);
  }
  // What had arrived is saved, and the summary, the table of runs and the exit code say how it ended.
  void expect_orderly_end(const Outcome& outcome) {
    const auto [signal, code] = GetParam();
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    const auto summary = summary_of(outcome);
    EXPECT_EQ(summary["status"], signal == SIGINT ? "interrupted" : "terminated");
    EXPECT_EQ(summary["stopped"], signal == SIGINT ? "interrupted" : "terminated");
    EXPECT_EQ(summary["rows_read"], stored());
    EXPECT_EQ(summary["inserted"], stored());
    EXPECT_EQ(stand_.value("SELECT count(*) FROM refresh_queue"), std::to_string(stored() + 1));
    EXPECT_EQ(stand_.value("SELECT status || exit_code FROM runs ORDER BY started_at DESC"),
              fmt::format("INTERRUPTED{}", code));
    EXPECT_EQ(stand_.metric(summary, "db_upsert_rows_total").sum, stored());
  }

  UpsertStand stand_;
};

TEST_P(InterruptedRun, InTheMiddleOfAFile) {
  std::string rows;
  for (int i = 0; i < 20'000; ++i) rows += row(std::to_string(i), i) + "\n";
  const auto file = stand_.file("many.jsonl", rows);
  Process run = stand_.start({"--commit", "row", "--batch-size", "50", file});
  wait_for(120);  // batches are under way: one written, one waiting, one being read
  run.signal(GetParam().first);
  expect_orderly_end(run.wait());
  EXPECT_LT(stored(), 20'000);

  EXPECT_EQ(stand_.summary({file})["exit_code"], 0);
  EXPECT_EQ(stored(), 20'000);
}

TEST_P(InterruptedRun, WhileAPipeIsSilent) {
  Pipe pipe;
  Process run = stand_.start({"-"}, pipe.read);
  std::string rows;
  for (int i = 0; i < 50; ++i) rows += row(std::to_string(i), i) + "\n";
  write_all(pipe.write.get(), rows + R"({"sku":"half a r)", "the pipe");
  wait_for(50);  // saved without waiting for the rest of a batch, or for the end
  run.signal(GetParam().first);
  expect_orderly_end(run.wait());
}

TEST_P(InterruptedRun, BeforeThePipeSaidAnything) {
  const Pipe pipe;
  Process run = stand_.start({"-"}, pipe.read);
  while (run.err_so_far().find(" upsert ") == std::string::npos) std::this_thread::sleep_for(5ms);
  run.signal(GetParam().first);
  expect_orderly_end(run.wait());
}

TEST_P(InterruptedRun, WhileItWaitsForAnotherRun) {
  const SystemClock clock;
  const RunLock other(stand_.db(), "pipeline sync", clock.wall());
  Process run = stand_.start({"-"});
  while (run.err_so_far().find("held by another run") == std::string::npos) std::this_thread::sleep_for(5ms);
  run.signal(GetParam().first);
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, GetParam().second);
  EXPECT_EQ(summary_of(outcome)["stopped"], "stopped while waiting for another run to end");
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedRun, ::testing::Values(std::pair(SIGINT, 130), std::pair(SIGTERM, 143)));

}  // namespace
}  // namespace pipeline::test
