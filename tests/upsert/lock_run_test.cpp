#include "pipeline/base/run_lock.h"

#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

// What others do to the database meanwhile.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class LockRun : public ::testing::Test {
 protected:
  void SetUp() override {
    (void)stand.feed(row("1", 1000) + "\n");
    stand.settle_queue();
  }

  UpsertStand stand;
  const std::string file = stand.file("new.jsonl", lines({row("1", 900), row("2", 1)}));
  const SystemClock clock{};
};

TEST_F(LockRun, AWriterThatEndsIsWaitedForAndTheWaitIsMeasured) {
  const SqlConnection other(stand.db());
  other.run("BEGIN IMMEDIATE");
  Process run = stand.start({file});
  while (run.err_so_far().find(" upsert ") == std::string::npos) std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(400ms);  // it has begun by now, and meets the lock within a few milliseconds
  EXPECT_TRUE(run.running());
  other.run("COMMIT");
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto summary = summary_of(outcome);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["inserted"], 1);
  EXPECT_EQ(stand.metric(summary, "db_lock_wait_seconds").count, 1);
  EXPECT_GT(stand.metric(summary, "db_lock_wait_seconds").sum, 0);
  EXPECT_EQ(stand.metric(summary, "db_conflict_total").sum, 1);
}

TEST_F(LockRun, AWriterThatDoesNotEndMakesItTryLaterAndNothingIsLost) {
  const auto products = stand.query("SELECT * FROM products");
  {
    const SqlConnection other(stand.db());
    other.run("BEGIN IMMEDIATE");
    const Outcome outcome = stand.run({"--lock-wait", "200ms", file});
    EXPECT_EQ(outcome.exit_code, 75);
    const auto summary = summary_of(outcome);
    EXPECT_EQ(summary["status"], "try_later");
    for (const std::string& told : {outcome.err, summary["stopped"].get<std::string>()})
      EXPECT_THAT(told, AllOf(HasSubstr(stand.db().string()),
                              HasSubstr("another process is writing to the database: try again later")));
    EXPECT_EQ(stand.metric(summary, "db_conflict_total").sum, 1);
  }
  EXPECT_EQ(stand.query("SELECT * FROM products"), products);
  EXPECT_EQ(stand.summary({file})["exit_code"], 0);
  EXPECT_EQ(stand.value("SELECT group_concat(sku || ' ' || sale_price) FROM products"), "1 900,2 1");
}

TEST_F(LockRun, AnotherRunIsWaitedFor) {
  std::optional<RunLock> other(std::in_place, stand.db(), "pipeline sync", clock.wall());
  Process run = stand.start({file});
  while (run.err_so_far().find("held by another run") == std::string::npos) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), "1");
  other.reset();
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(LockRun, AnotherRunThatDoesNotEndIsNamed) {
  const RunLock other(stand.db(), "pipeline sync", clock.wall());
  const Outcome outcome = stand.run({"--lock-wait", "200ms", file});
  EXPECT_EQ(outcome.exit_code, 75);
  EXPECT_EQ(summary_of(outcome)["status"], "try_later");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(stand.db().string()), HasSubstr("held by another run (pid "),
                                 HasSubstr("pipeline sync"), HasSubstr("try again")));
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), "1");
}

TEST_F(LockRun, AReaderIsNotDisturbedAndHoldsUpNobody) {
  const SqlConnection reader(stand.db());
  reader.run("BEGIN");
  const std::string prices = "SELECT group_concat(sku || ' ' || sale_price) FROM products";
  EXPECT_EQ(reader.run(prices), (SqlRows{{"1 1000"}}));
  const auto summary = stand.summary({"--lock-wait", "1ms", file});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(stand.metric(summary, "db_conflict_total").sum, 0);
  EXPECT_EQ(reader.run(prices), (SqlRows{{"1 1000"}}));
  reader.run("COMMIT");
  EXPECT_EQ(reader.run(prices), (SqlRows{{"1 900,2 1"}}));
}

}  // namespace
}  // namespace pipeline::test
