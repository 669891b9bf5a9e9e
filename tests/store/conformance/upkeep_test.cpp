#include "engines.h"

#include <array>
#include <set>

namespace pipeline::store {
namespace {

using catalogue::QueueStatus;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class UpkeepConformance : public ConformanceTest {
 protected:
  [[nodiscard]] Upkeep& upkeep() const { return *store_.upkeep; }
  [[nodiscard]] Term before(std::chrono::hours hours, std::int64_t keep_runs = 1) const {
    return {.before = start_ + hours, .keep_runs = keep_runs};
  }
  [[nodiscard]] std::vector<std::string> skus() const {
    std::vector<std::string> all;
    for (const auto& entry : entries()) all.push_back(entry.sku);
    return all;
  }
  // An entry each, at its hour.
  void enqueue(const std::vector<std::string>& skus) {
    for (const auto& sku : skus) {
      write(make_product(sku));
      clock_.advance(std::chrono::hours(1));
    }
  }
  void done(std::int64_t id) const { (void)queue().done(std::array{id}, std::nullopt); }
  void run(const std::string& id, std::chrono::hours at, const std::string& command = "sync", bool ends = true) const {
    store_.runs->start({.run_id = id, .trace_id = "t", .command = command, .options_json = "{}", .at = start_ + at});
    if (ends) store_.runs->end({.status = "OK", .exit_code = 0, .counts_json = "{}", .at = start_ + at});
  }
  [[nodiscard]] std::vector<std::string> runs() const {
    std::vector<std::string> all;
    for (const RunRow& row : store_.runs->since(WallTime())) all.push_back(row.run_id);
    return all;
  }

  const WallTime start_ = clock_.wall();
};
HOLD_EVERY_ENGINE(UpkeepConformance);

TEST_P(UpkeepConformance, DoneEntriesThatEndedBeforeGoAndNoOthers) {
  enqueue({"1", "2", "3", "4", "5"});  // now it is hour 5
  done(1);
  done(3);
  (void)queue().claim({.worker = "A", .limit = 1, .lease = std::chrono::hours(1), .max_attempts = 1});  // 2
  (void)queue().claim({.worker = "B", .limit = 1, .lease = std::chrono::hours(1), .max_attempts = 1});  // 4
  (void)queue().fail(std::array{std::int64_t{4}}, "because", "B", 1);
  clock_.advance(std::chrono::hours(5));
  done(5);
  EXPECT_EQ(upkeep().outdated(before(std::chrono::hours(5))).entries, 0) << "what ended then is not before";
  const Outdated found = upkeep().outdated(before(std::chrono::hours(6)));
  EXPECT_EQ(found.entries, 2);
  EXPECT_GT(found.entry_bytes, 0);
  EXPECT_EQ(upkeep().remove_entries(before(std::chrono::hours(6)), 100), 2);
  EXPECT_EQ(upkeep().remove_entries(before(std::chrono::hours(6)), 100), 0);
  EXPECT_THAT(skus(), ElementsAre("2", "4", "5"));
  EXPECT_EQ(upkeep().remove_entries(before(std::chrono::hours(1000)), 100), 1) << "5; claimed and failed ones never";
  EXPECT_THAT(skus(), ElementsAre("2", "4"));
}

TEST_P(UpkeepConformance, EachStepTakesNoMoreThanItIsTold) {
  enqueue({"1", "2", "3", "4", "5"});
  settle_queue();
  const Term term = before(std::chrono::hours(100));
  EXPECT_EQ(upkeep().remove_entries(term, 2), 2);
  EXPECT_THAT(skus(), ElementsAre("3", "4", "5")) << "the oldest first";
  EXPECT_EQ(upkeep().remove_entries(term, 2), 2);
  EXPECT_EQ(upkeep().remove_entries(term, 2), 1);
  EXPECT_EQ(upkeep().remove_entries(term, 2), 0);
  EXPECT_THAT(skus(), IsEmpty());
}

// A hand, or another of its kind, between finding and removing.
TEST_P(UpkeepConformance, WhatAnotherRemovedIsNoEnd) {
  enqueue({"1", "2", "3"});
  settle_queue();
  const Term term = before(std::chrono::hours(100));
  const Store other = open();
  EXPECT_EQ(upkeep().remove_entries(term, 1), 1);
  EXPECT_EQ(other.upkeep->remove_entries(term, 1), 1);
  EXPECT_EQ(upkeep().remove_entries(term, 1), 1);
  EXPECT_EQ(upkeep().remove_entries(term, 1), 0);
  EXPECT_THAT(skus(), IsEmpty());
}

TEST_P(UpkeepConformance, OldRunsGoButTheLastOfEachCommand) {
  run("s1", std::chrono::hours(1));
  run("s2", std::chrono::hours(2));
  run("s3", std::chrono::hours(3));
  run("p1", std::chrono::hours(1), "package");
  run("u1", std::chrono::hours(1), "upsert");
  run("u9", std::chrono::hours(9), "upsert");
  EXPECT_EQ(upkeep().outdated(before(std::chrono::hours(5), 2)).runs, 1) << "s1";
  const Outdated found = upkeep().outdated(before(std::chrono::hours(5)));
  EXPECT_EQ(found.runs, 3);
  EXPECT_GT(found.run_bytes, 0);
  EXPECT_EQ(upkeep().remove_runs(before(std::chrono::hours(5)), 2), 2);
  EXPECT_EQ(upkeep().remove_runs(before(std::chrono::hours(5)), 2), 1);
  EXPECT_EQ(upkeep().remove_runs(before(std::chrono::hours(5)), 2), 0);
  EXPECT_THAT(runs(), testing::UnorderedElementsAre("u9", "s3", "p1"));
}

TEST_P(UpkeepConformance, ARunThatHasNotEndedStays) {
  run("s1", std::chrono::hours(1), "sync", false);
  const Store other = open();  // so that no later start makes it a killed one
  EXPECT_EQ(other.upkeep->outdated(before(std::chrono::hours(5), 1)).runs, 0);
  run("s2", std::chrono::hours(2));  // now s1 was killed
  EXPECT_EQ(other.upkeep->remove_runs(before(std::chrono::hours(5)), 10), 1);
  EXPECT_THAT(runs(), ElementsAre("s2"));
}

TEST_P(UpkeepConformance, NotesWhichPostsAreGone) {
  EXPECT_THAT(upkeep().missing_posts(), IsEmpty());
  const WallTime at(std::chrono::milliseconds(1234));
  upkeep().note_missing_posts({{"A", at}, {"글/%_", start_}});
  EXPECT_THAT(upkeep().missing_posts(), ElementsAre(Pair("A", at), Pair("글/%_", start_)));
  upkeep().note_missing_posts({{"B", at}});
  EXPECT_THAT(open(Opening::Mode::read).upkeep->missing_posts(), ElementsAre(Pair("B", at)));
  upkeep().note_missing_posts({});
  EXPECT_THAT(upkeep().missing_posts(), IsEmpty());
}

TEST_P(UpkeepConformance, ReadersCountAndWritersWaitForNobody) {
  enqueue({"1", "2"});
  settle_queue();
  const Store reader = open(Opening::Mode::read);
  EXPECT_EQ(reader.upkeep->outdated(before(std::chrono::hours(100))).entries, 2);
  EXPECT_NE(message_of([&] { (void)reader.upkeep->remove_entries(before(std::chrono::hours(100)), 1); }), "");
  EXPECT_EQ(entries().size(), 2U);
  const Store writer = open();
  (void)upkeep().remove_entries(before(std::chrono::hours(100)), 1);
  write(make_product("3"));  // with no patience: nothing is locked between steps
  EXPECT_EQ(entries().size(), 2U);
}

TEST_P(UpkeepConformance, SpaceIsToldAndGivenBackWhereItCanBe) {
  enqueue({"1", "2"});
  const Space space = upkeep().space();
  EXPECT_GT(space.bytes, 0U);
  EXPECT_LE(space.freed, space.bytes);
  for (int i = 0; i < 1000 && upkeep().give_back(10); ++i) {
  }
  EXPECT_FALSE(upkeep().give_back(10));
  EXPECT_LE(upkeep().space().bytes, space.bytes);
  EXPECT_EQ(entries().size(), 2U);
}

}  // namespace
}  // namespace pipeline::store
