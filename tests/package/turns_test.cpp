#include "turns.h"

#include "pipeline/store/lone_round.h"
#include "pipeline/store_sqlite/database.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace pipeline::package {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class TurnsTest : public testing::Test {
 protected:
  // Begun in their order, as a builder does it.
  void begin(TaskPool& pool, std::int64_t posts) {
    turns_.emplace(pool, round_, store_mutex_, [] { return 0; });
    for (std::int64_t place = 1; place <= posts; ++place)
      all_.push_back(std::make_unique<Turn>(*turns_, store::RoundPost{.place = place, .folder = {}}));
  }
  // Which ends with the caller's scope.
  std::unique_ptr<Turn> turn(std::size_t post) { return std::move(all_[post]); }

  test::TempDir dir_;
  test::FakeClock clock_;
  store::Store store_ = store::sqlite::file_database(dir_ / "p.db")->open(clock_);
  store::LoneRound round_{*store_.packages};
  std::mutex store_mutex_;
  std::optional<Turns> turns_;
  std::vector<std::unique_ptr<Turn>> all_;
};

TEST_F(TurnsTest, PostsAreDecidedInTheirOrderHoweverTheyRun) {
  constexpr std::size_t kPosts = 50;
  TaskPool pool(4);
  begin(pool, kPosts);
  std::vector<std::size_t> decided;  // in turn, so without a lock
  pool.run(kPosts, [&](std::size_t post) {
    const auto own = turn(post);
    if (post % 3 == 0) pool.for_each(4, [](std::size_t) {});
    own->wait();
    decided.push_back(post);
  });
  std::vector<std::size_t> in_order(kPosts);
  for (std::size_t i = 0; i < kPosts; ++i) in_order[i] = i;
  EXPECT_THAT(decided, ElementsAreArray(in_order));
}

TEST_F(TurnsTest, APostThatNeverWaitsHoldsUpNobody) {
  TaskPool pool(1);
  begin(pool, 3);
  std::vector<std::size_t> waited;
  pool.run(3, [&](std::size_t post) {
    const auto own = turn(post);
    if (post == 1) return;  // interrupted, or unreadable
    own->wait();
    waited.push_back(post);
  });
  EXPECT_THAT(waited, ElementsAre(0, 2));
}

TEST_F(TurnsTest, WhoWaitsIsWokenByTurnsThatEndElsewhere) {
  constexpr std::size_t kPosts = 2000;
  TaskPool pool(2);
  begin(pool, kPosts);
  std::atomic<std::size_t> next = 0;
  std::vector<std::size_t> waited;     // in turn, so without a lock
  pool.run(kPosts, [&](std::size_t) {  // each takes posts until it has one to wait with, as the builder does
    for (std::size_t post = next++; post < kPosts; post = next++) {
      const auto own = turn(post);
      if (post % 7 != 0) continue;
      own->wait();
      waited.push_back(post);
      return;
    }
  });
  EXPECT_EQ(waited.size(), (kPosts + 6) / 7);
  EXPECT_TRUE(std::ranges::is_sorted(waited));
}

TEST_F(TurnsTest, ATurnMayEndEarlyAndTwice) {
  TaskPool pool(1);
  begin(pool, 2);
  pool.run(1, [&](std::size_t) {
    all_[0]->end();
    all_[0]->end();
    all_[1]->wait();
  });
  all_.clear();
}

TEST_F(TurnsTest, WhatAPostWasGivenTheNextOnesSee) {
  const store::PackedImage picture{Sha256Hasher().hash("1"), 0x0F1E'2D3C'4B5A'6978U};
  TaskPool pool(1);
  begin(pool, 2);
  pool.run(1, [&](std::size_t) {
    all_[0]->wait();
    EXPECT_FALSE(all_[0]->find(picture, "A"));
    all_[0]->decide("A", {&picture, 1});
    all_[1]->wait();
    const auto found = all_[1]->find(picture, "B");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->content_id, "A");
  });
  all_.clear();
}

}  // namespace
}  // namespace pipeline::package
