#include "turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

namespace pipeline::package {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

TEST(Turns, PostsAreDecidedInTheirOrderHoweverTheyRun) {
  constexpr std::size_t kPosts = 50;
  TaskPool pool(4);
  Turns turns(pool, kPosts);
  std::vector<std::size_t> decided;  // in turn, so without a lock
  pool.run(kPosts, [&](std::size_t post) {
    Turn turn(turns, post);
    if (post % 3 == 0) pool.for_each(4, [](std::size_t) {});
    turn.wait();
    decided.push_back(post);
  });
  std::vector<std::size_t> in_order(kPosts);
  for (std::size_t i = 0; i < kPosts; ++i) in_order[i] = i;
  EXPECT_THAT(decided, ElementsAreArray(in_order));
}

TEST(Turns, APostThatNeverWaitsHoldsUpNobody) {
  TaskPool pool(1);
  Turns turns(pool, 3);
  std::vector<std::size_t> waited;
  pool.run(3, [&](std::size_t post) {
    Turn turn(turns, post);
    if (post == 1) return;  // interrupted, or unreadable
    turn.wait();
    waited.push_back(post);
  });
  EXPECT_THAT(waited, ElementsAre(0, 2));
}

TEST(Turns, WhoWaitsIsWokenByTurnsThatEndElsewhere) {
  constexpr std::size_t kPosts = 2000;
  TaskPool pool(2);
  Turns turns(pool, kPosts);
  std::atomic<std::size_t> next = 0;
  std::vector<std::size_t> waited;     // in turn, so without a lock
  pool.run(kPosts, [&](std::size_t) {  // each takes posts until it has one to wait with, as the builder does
    for (std::size_t post = next++; post < kPosts; post = next++) {
      Turn turn(turns, post);
      if (post % 7 != 0) continue;
      turn.wait();
      waited.push_back(post);
      return;
    }
  });
  EXPECT_EQ(waited.size(), (kPosts + 6) / 7);
  EXPECT_TRUE(std::ranges::is_sorted(waited));
}

TEST(Turns, ATurnMayEndEarlyAndTwice) {
  TaskPool pool(1);
  Turns turns(pool, 2);
  pool.run(1, [&](std::size_t) {
    Turn first(turns, 0);
    Turn second(turns, 1);
    first.end();
    first.end();
    second.wait();
  });
}

}  // namespace
}  // namespace pipeline::package
