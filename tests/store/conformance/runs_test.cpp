#include "engines.h"

namespace pipeline::store {
namespace {

using ::testing::HasSubstr;

class RunsConformance : public ConformanceTest {
 protected:
  static RunStart run(std::string id) {
    return {.run_id = std::move(id), .trace_id = "t", .command = "sync", .options_json = "{}", .at = {}};
  }
  static RunEnd with(int exit_code) { return {.status = "OK", .exit_code = exit_code, .counts_json = "{}", .at = {}}; }
  [[nodiscard]] Runs& runs() const { return *store_.runs; }
};
HOLD_EVERY_ENGINE(RunsConformance);

TEST_P(RunsConformance, TellsWhatARunEndedWith) {
  EXPECT_FALSE(runs().is_started());
  runs().start(run("r1"));
  EXPECT_TRUE(runs().is_started());
  EXPECT_EQ(runs().exit_code("r1"), std::nullopt);
  runs().end(with(0));
  EXPECT_EQ(runs().exit_code("r1"), 0);
  runs().end(with(4));  // judged anew
  EXPECT_EQ(runs().exit_code("r1"), 4);
  EXPECT_EQ(runs().exit_code("r2"), std::nullopt);
}

TEST_P(RunsConformance, TellsOfTheLatestRunsFirst) {
  for (int hour = 1; hour <= 3; ++hour) {
    RunStart start = run(std::string("r") + std::to_string(hour));
    start.at = WallTime(std::chrono::hours(hour));
    runs().start(start);
    if (hour < 3) runs().end({.status = "PARTIAL", .exit_code = 3, .counts_json = "{\"a\":1}", .at = start.at});
  }
  const auto rows = runs().since(WallTime(std::chrono::hours(2)));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].run_id, "r3");
  EXPECT_EQ(rows[0].status, "RUNNING");
  EXPECT_EQ(rows[0].exit_code, std::nullopt);
  EXPECT_EQ(rows[0].ended_at, std::nullopt);
  EXPECT_EQ(rows[1].run_id, "r2");
  EXPECT_EQ(rows[1].command, "sync");
  EXPECT_EQ(rows[1].exit_code, 3);
  EXPECT_EQ(rows[1].counts_json, "{\"a\":1}");
  EXPECT_EQ(rows[1].started_at, WallTime(std::chrono::hours(2)));
  EXPECT_EQ(rows[1].ended_at, WallTime(std::chrono::hours(2)));
}

TEST_P(RunsConformance, TheSameRunCannotStartTwice) {
  runs().start(run("r1"));
  const Store other = open();
  EXPECT_NE(message_of([&] { other.runs->start(run("r1")); }), "");
  EXPECT_FALSE(other.runs->is_started());
}

TEST_P(RunsConformance, WhereNoneWasStartedNoneEnds) {
  runs().end(with(0));
  EXPECT_FALSE(runs().is_started());
}

TEST_P(RunsConformance, ARunMayBeNotedWithItsFirstChange) {
  write(make_product("1"));
  runs().start_with_change(run("r1"));
  EXPECT_EQ(write(make_product("1")), WriteOutcome::unchanged);
  EXPECT_FALSE(runs().is_started());
  EXPECT_EQ(write(make_product("2")), WriteOutcome::inserted);
  EXPECT_TRUE(runs().is_started());
  EXPECT_EQ(write(make_product("3")), WriteOutcome::inserted);
  runs().end(with(0));
  EXPECT_EQ(runs().exit_code("r1"), 0);
}

TEST_P(RunsConformance, ARemovalIsAChangeToo) {
  write(make_product("1"));
  runs().start_with_change(run("r1"));
  EXPECT_FALSE(remove("2"));
  EXPECT_FALSE(runs().is_started());
  EXPECT_TRUE(remove("1"));
  EXPECT_TRUE(runs().is_started());
}

TEST_P(RunsConformance, WithABatchThatFailsTheRunIsNotNotedEither) {
  write(make_product("1"));
  runs().start_with_change(run("r1"));
  const Writing dies{.run_id = "r1", .body_diff = [](std::string_view, const catalogue::Product&) {
                       throw Error("in mid-batch");
                       return std::vector<catalogue::Change>{};
                     }};
  EXPECT_THROW(write({make_product("2"), make_product("1", "second")}, dies), Error);
  EXPECT_FALSE(runs().is_started());
  const Store look = open(Opening::Mode::read);
  EXPECT_TRUE(look.catalogue->find("2").empty());
  EXPECT_EQ(write(make_product("2")), WriteOutcome::inserted);
  EXPECT_TRUE(runs().is_started());
}

TEST_P(RunsConformance, ARunThatWasNotNotedYetIsWithItsEnd) {
  runs().start_with_change(run("r1"));
  runs().end(with(3));
  EXPECT_TRUE(runs().is_started());
  EXPECT_EQ(runs().exit_code("r1"), 3);
}

// --- one at a time ---

TEST_P(RunsConformance, ALockIsHeldByOneAndNamesItsHolder) {
  Database::Lock held = database_->lock("pipeline sync", clock_.wall());
  const auto other = GetParam().make(dir_.path());
  EXPECT_THAT(message_of<TryLaterError>([&] { (void)other->lock("pipeline upsert", clock_.wall()); }),
              ::testing::AllOf(HasSubstr(database_->name()), HasSubstr("pipeline sync")));
  held.reset();
  EXPECT_NE(other->lock("pipeline upsert", clock_.wall()), nullptr);
}

TEST_P(RunsConformance, ALockKeepsNobodyFromReadingOrClaiming) {
  const Database::Lock held = database_->lock("pipeline sync", clock_.wall());
  write(make_product("1"));
  const Store other = open();
  EXPECT_EQ(other.queue->claim({.worker = "A", .limit = 1, .lease = std::chrono::minutes(1)}).size(), 1U);
}

}  // namespace
}  // namespace pipeline::store
