#include "engines.h"

#include <map>
#include <optional>
#include <utility>

namespace pipeline::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class RoundsConformance : public ConformanceTest {
 protected:
  // A process of its own.
  struct Worker {
    std::unique_ptr<Database> database;
    Database::Lock lock;
    Store store;
    [[nodiscard]] Rounds& rounds() const { return *store.rounds; }
    void end() {
      store = Store{};
      lock.reset();
    }
  };

  void prepare() override {
    lock_ = database_->join("package", clock_.wall());
    store_ = open();
  }
  [[nodiscard]] Worker another() const {
    Worker worker{.database = GetParam().make(dir_.path()), .lock = nullptr, .store = {}};
    worker.lock = worker.database->join("package", clock_.wall());
    worker.store = worker.database->open(clock_);
    EXPECT_EQ(worker.rounds().begin("another").name, "round");
    return worker;
  }
  [[nodiscard]] Rounds& rounds() const { return *store_.rounds; }
  [[nodiscard]] Packages& packages() const { return *store_.packages; }
  void begin(const std::vector<std::string>& folders, std::vector<std::int64_t> entries = {}) const {
    EXPECT_EQ(rounds().begin("round").name, "round");
    ASSERT_EQ(rounds().next(), Step::lay_out);
    rounds().lay_out({.kind = StageKind::queue, .entries = std::move(entries)}, folders);
  }
  // `1 A`, with `decided` and how often it was lost; empty: there is none.
  [[nodiscard]] static std::string text_of(const std::optional<RoundPost>& post) {
    if (!post) return {};
    return fmt::format("{} {}{}{}", post->place, post->folder, post->decided ? " decided" : "",
                       post->lost > 0 ? fmt::format(" lost {}", post->lost) : "");
  }
  [[nodiscard]] static std::string take(Rounds& rounds) { return text_of(rounds.take()); }
  [[nodiscard]] std::string take() const { return take(rounds()); }

  static PackedImage image(std::string_view content, std::uint64_t hash, std::string look = {}) {
    return {hash_of(content), hash, std::move(look)};
  }
  void put(const std::string& content_id, const std::vector<PackedImage>& images) const {
    packages().put({.content_id = content_id, .run_id = "run"}, images);
  }
  // The perceptual hashes that a place sees.
  [[nodiscard]] static std::multimap<std::string, std::uint64_t> seen(Rounds& rounds, std::int64_t place) {
    std::multimap<std::string, std::uint64_t> all;
    rounds.each_image(place,
                      [&](std::string_view post, const PackedImage& i) { all.emplace(post, i.perceptual_hash); });
    return all;
  }

  Database::Lock lock_;
};
HOLD_EVERY_ENGINE(RoundsConformance);

// What only several workers can show.
class SharedRoundsConformance : public RoundsConformance {};
HOLD_SHARED_ENGINES(SharedRoundsConformance);

TEST_P(RoundsConformance, PostsAreHandedOutInTheirOrderEachOnce) {
  begin({"C", "A", "B"});
  EXPECT_EQ(rounds().next(), Step::build);
  EXPECT_EQ(take(), "1 C");
  EXPECT_EQ(take(), "2 A");
  EXPECT_EQ(take(), "3 B");
  EXPECT_EQ(take(), "");
}

TEST_P(RoundsConformance, WhatIsGivenBackIsHandedOutAgain) {
  begin({"A", "B"});
  EXPECT_EQ(take(), "1 A");
  rounds().give_back(1);
  EXPECT_EQ(take(), "1 A");
  EXPECT_EQ(take(), "2 B");
}

TEST_P(RoundsConformance, AStageIsKeptAndItsPostsAreCounted) {
  begin({"A", "B"}, {7, 9});
  Stage stage = rounds().stage();
  EXPECT_EQ(stage.kind, StageKind::queue);
  EXPECT_EQ(stage.number, 1);
  EXPECT_EQ(stage.posts, 2);
  EXPECT_THAT(stage.entries, ElementsAre(7, 9));
  (void)rounds().take();
  rounds().finish(1, "");
  EXPECT_EQ(rounds().stage().posts, 1);
}

TEST_P(RoundsConformance, OneStageFollowsTheOtherUntilTheRoundIsClosed) {
  begin({"A"});
  (void)rounds().take();
  rounds().finish(1, "it is torn");
  ASSERT_EQ(rounds().next(), Step::lay_out);
  rounds().lay_out({.kind = StageKind::others, .entries = {}}, std::vector<std::string>{"B"});
  EXPECT_EQ(rounds().stage().number, 2);
  EXPECT_EQ(take(), "2 B");
  rounds().finish(2, "");
  const auto outcomes = rounds().outcomes();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].folder, "A");
  EXPECT_EQ(outcomes[0].why, "it is torn");
  EXPECT_EQ(outcomes[1].stage, 2);
  EXPECT_TRUE(outcomes[1].done);
  EXPECT_EQ(outcomes[1].why, "");
  ASSERT_EQ(rounds().next(), Step::lay_out);
  rounds().close();
  EXPECT_EQ(rounds().next(), Step::over);
  EXPECT_FALSE(rounds().leave());
}

TEST_P(RoundsConformance, AStageWithoutPostsIsDoneAtOnce) {
  begin({}, {4});
  EXPECT_EQ(rounds().next(), Step::lay_out);
  EXPECT_THAT(rounds().stage().entries, ElementsAre(4));
}

TEST_P(RoundsConformance, WhoLeavesLastClosesTheRound) {
  begin({"A", "B"});
  (void)rounds().take();
  EXPECT_TRUE(rounds().leave());
  EXPECT_FALSE(rounds().outcomes().at(0).done);
  rounds().close();
  EXPECT_EQ(rounds().next(), Step::over);
}

TEST_P(RoundsConformance, ARoundBeginsWithThePicturesThatAreRecorded) {
  put("A", {image("1", 1, "a look")});
  begin({"A"});
  EXPECT_THAT(seen(rounds(), 1), ElementsAre(Pair("A", 1)));
  EXPECT_EQ(rounds().look_of("A", hash_of("1")), "a look");
  EXPECT_EQ(rounds().look_of("A", hash_of("2")), "");
}

TEST_P(SharedRoundsConformance, WorkersGetDifferentPosts) {
  begin({"A", "B", "C"});
  Worker other = another();
  EXPECT_EQ(take(), "1 A");
  EXPECT_EQ(take(other.rounds()), "2 B");
  EXPECT_EQ(take(), "3 C");
  rounds().finish(1, "");
  rounds().finish(3, "");
  EXPECT_EQ(rounds().next(), Step::wait) << "for B";
  other.rounds().finish(2, "");
  EXPECT_EQ(rounds().next(), Step::lay_out);
  EXPECT_EQ(other.rounds().next(), Step::wait) << "for the next stage";
  rounds().close();
  EXPECT_EQ(other.rounds().next(), Step::over);
}

TEST_P(SharedRoundsConformance, ATurnComesWhenAllBeforeAreDecided) {
  begin({"A", "B", "C"});
  Worker other = another();
  (void)rounds().take();
  (void)other.rounds().take();
  (void)rounds().take();
  const RoundTurn waiting = other.rounds().turn(2);
  EXPECT_FALSE(waiting.come);
  EXPECT_EQ(waiting.first, 1);
  EXPECT_FALSE(waiting.is_own);
  EXPECT_FALSE(waiting.is_left);
  EXPECT_TRUE(rounds().turn(1).come);
  rounds().decide(1, {"A", {image("1", 1)}});
  EXPECT_TRUE(other.rounds().turn(2).come);
  EXPECT_FALSE(rounds().turn(3).come);
  other.rounds().finish(2, "unreadable");
  EXPECT_TRUE(rounds().turn(3).come);
}

// Post B had 2 and is given 1; A, before it, is given 2.
TEST_P(SharedRoundsConformance, APlaceSeesWhatOthersWereGivenBeforeItAndWhatTheyHadBehindIt) {
  put("B", {image("2", 2, "look of 2")});
  put("D", {image("4", 4)});
  begin({"A", "B", "C"});
  Worker other = another();
  (void)rounds().take();
  (void)other.rounds().take();
  rounds().decide(1, {"A", {image("3", 3, "look of 3")}});
  other.rounds().decide(2, {"B", {image("1", 1), image("5", 5)}});
  put("B", {image("1", 1), image("5", 5)});  // it is built
  EXPECT_THAT(seen(other.rounds(), 1), UnorderedElementsAre(Pair("B", 2), Pair("D", 4)));
  EXPECT_THAT(seen(rounds(), 2), UnorderedElementsAre(Pair("A", 3), Pair("B", 2), Pair("D", 4)));
  EXPECT_THAT(seen(rounds(), 3), UnorderedElementsAre(Pair("A", 3), Pair("B", 1), Pair("B", 5), Pair("D", 4)));
  EXPECT_EQ(rounds().look_of("B", hash_of("2")), "look of 2");
  EXPECT_EQ(other.rounds().look_of("A", hash_of("3")), "look of 3");

  const auto decisions = other.rounds().decisions(1, 3);
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].content_id, "A");
  EXPECT_EQ(decisions[1].content_id, "B");
  EXPECT_EQ(decisions[1].images.size(), 2U);
  EXPECT_EQ(other.rounds().decisions(2, 3).size(), 1U);
}

TEST_P(SharedRoundsConformance, APostThatIsGivenNothingIsToldOfToo) {
  put("A", {image("1", 1)});
  begin({"A", "B"});
  (void)rounds().take();
  rounds().decide(1, {"A", {}});
  const auto decisions = rounds().decisions(1, 2);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].content_id, "A");
  EXPECT_THAT(decisions[0].images, IsEmpty());
  EXPECT_THAT(seen(rounds(), 2), IsEmpty());
}

TEST_P(SharedRoundsConformance, WhatAWorkerThatIsGoneHadIsTheOthersAndWhatItDecidedStays) {
  begin({"A", "B", "C"});
  Worker gone = another();
  (void)gone.rounds().take();
  (void)gone.rounds().take();
  gone.rounds().decide(1, {"A", {image("1", 1)}});
  gone.end();
  EXPECT_EQ(take(), "1 A decided lost 1");
  rounds().decide(1, {"A", {image("2", 2)}});
  EXPECT_THAT(seen(rounds(), 2), ElementsAre(Pair("A", 1)));
  EXPECT_EQ(take(), "2 B lost 1");
  EXPECT_EQ(take(), "3 C");
}

// All threads of a worker may wait for a post that nobody has.
TEST_P(SharedRoundsConformance, APostIsGivenBackForOneBeforeItThatWasLeft) {
  begin({"A", "B"});
  Worker gone = another();
  (void)gone.rounds().take();
  EXPECT_EQ(take(), "2 B");
  EXPECT_EQ(text_of(rounds().take_before(2, std::nullopt)), "");
  gone.end();
  EXPECT_TRUE(rounds().turn(2).is_left);
  EXPECT_EQ(text_of(rounds().take_before(2, std::nullopt)), "1 A lost 1");
  EXPECT_EQ(take(), "2 B");
}

// The answer to its taking never came.
TEST_P(SharedRoundsConformance, APostThatAWorkerDoesNotKnowOfIsTakenAgain) {
  begin({"A", "B"});
  (void)rounds().take();
  (void)rounds().take();
  EXPECT_EQ(text_of(rounds().take_before(2, 1)), "1 A");
  EXPECT_EQ(rounds().next(), Step::build) << "nothing is under way";
  EXPECT_EQ(take(), "1 A");
}

TEST_P(SharedRoundsConformance, WhoLeavesBeforeTheOthersLeavesThemItsPosts) {
  begin({"A", "B"});
  Worker other = another();
  (void)rounds().take();
  EXPECT_FALSE(rounds().leave());
  EXPECT_EQ(take(other.rounds()), "1 A");
  EXPECT_TRUE(other.rounds().leave());
}

TEST_P(SharedRoundsConformance, ARoundThatAllHaveLeftGoesOn) {
  begin({"A", "B"});
  (void)rounds().take();
  rounds().decide(1, {"A", {image("1", 1)}});
  store_ = Store{};
  lock_.reset();
  Worker next = another();
  EXPECT_EQ(next.rounds().next(), Step::build);
  EXPECT_EQ(take(next.rounds()), "1 A decided lost 1");
  EXPECT_THAT(seen(next.rounds(), 2), ElementsAre(Pair("A", 1)));
}

// Whose pictures may be others' now. The claims of the round are found by its name.
TEST_P(SharedRoundsConformance, ARoundThatAllHaveLeftIsBegunAnewAfterAnotherRun) {
  begin({"A", "B"});
  (void)rounds().take();
  store_ = Store{};
  lock_.reset();
  database_->lock("sync", clock_.wall()).reset();
  Worker next = another();
  EXPECT_EQ(next.rounds().next(), Step::lay_out);
  EXPECT_EQ(next.rounds().stage().kind, StageKind::none);
  EXPECT_THAT(next.rounds().outcomes(), IsEmpty());
}

TEST_P(SharedRoundsConformance, WhoLaysOutAndGoesIsFollowedByAnother) {
  begin({});
  Worker gone = another();
  ASSERT_EQ(gone.rounds().next(), Step::lay_out);
  EXPECT_EQ(rounds().next(), Step::wait);
  gone.end();
  EXPECT_EQ(rounds().next(), Step::lay_out);
}

TEST_P(RoundsConformance, WorkersAndOtherRunsKeepEachOtherOut) {
  const auto other = GetParam().make(dir_.path());
  EXPECT_THAT(message_of<TryLaterError>([&] { (void)other->lock("sync", clock_.wall()); }), HasSubstr("package"));
  store_ = Store{};
  lock_.reset();
  const Database::Lock alone = other->lock("sync", clock_.wall());
  EXPECT_THAT(message_of<TryLaterError>([&] { (void)database_->join("package", clock_.wall()); }), HasSubstr("sync"));
}

}  // namespace
}  // namespace pipeline::store
