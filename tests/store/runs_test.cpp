#include "pipeline/store/runs.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

class RunsTest : public StoreTest {
 protected:
  std::string row(std::string_view run) {
    return text(database_,
                "SELECT concat_ws FROM (SELECT command || ' ' || options || ' ' || started_at || ' ' || "
                "status || ' ' || coalesce(ended_at, '-') || ' ' || coalesce(exit_code, '-') || ' ' || "
                "coalesce(counts, '-') AS concat_ws FROM runs WHERE run_id = '" +
                    std::string(run) + "')");
  }
  static WallTime at(int ms) { return WallTime(std::chrono::milliseconds(ms)); }
  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  Runs runs_{database_};
};

TEST_F(RunsTest, NotesTheStartAndTheEnd) {
  runs_.started("r1", "t1", "sync", "{}", at(1000));
  EXPECT_EQ(row("r1"), "sync {} 1000 RUNNING - - -");
  runs_.ended("r1", "PARTIAL", 3, R"({"new":1})", at(2500));
  EXPECT_EQ(row("r1"), R"(sync {} 1000 PARTIAL 2500 3 {"new":1})");
}

TEST_F(RunsTest, ARunThatStillRunsWhenTheNextStartsWasKilled) {
  runs_.started("r1", "t1", "sync", "{}", at(1000));
  runs_.started("r2", "t2", "sync", "{}", at(2000));
  EXPECT_EQ(row("r1"), "sync {} 1000 KILLED - - -");
  EXPECT_EQ(row("r2"), "sync {} 2000 RUNNING - - -");
}

TEST_F(RunsTest, AnEndedRunStaysAsItEnded) {
  runs_.started("r1", "t1", "sync", "{}", at(1000));
  runs_.ended("r1", "OK", 0, "{}", at(2000));
  runs_.started("r2", "t2", "sync", "{}", at(3000));
  EXPECT_EQ(row("r1"), "sync {} 1000 OK 2000 0 {}");
}

TEST_F(RunsTest, TellsWhatARunEndedWith) {
  runs_.started("r1", "t1", "sync", "{}", at(1000));
  EXPECT_EQ(runs_.exit_code("r1"), std::nullopt);
  runs_.ended("r1", "OVER_BUDGET", 4, "{}", at(2000));
  EXPECT_EQ(runs_.exit_code("r1"), 4);
  EXPECT_EQ(runs_.exit_code("r2"), std::nullopt);
}

TEST_F(RunsTest, TheStartMayBePartOfATransaction) {
  {
    Transaction dropped(database_);
    runs_.started("r1", "t1", "upsert", "{}", at(1000));
  }
  EXPECT_FALSE(runs_.ended("r1", "OK", 0, "{}", at(2000)));
  {
    Transaction kept(database_);
    runs_.started("r2", "t1", "upsert", "{}", at(1000));
    kept.commit();
  }
  EXPECT_TRUE(runs_.ended("r2", "OK", 0, "{}", at(2000)));
}

TEST_F(RunsTest, TheSameRunCannotStartTwice) {
  runs_.started("r1", "t1", "sync", "{}", at(1000));
  EXPECT_THROW(runs_.started("r1", "t1", "sync", "{}", at(1000)), Error);
  EXPECT_EQ(row("r1"), "sync {} 1000 RUNNING - - -");
}

}  // namespace
}  // namespace pipeline::store
