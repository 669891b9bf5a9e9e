#include "pipeline/base/task_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace pipeline {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

TEST(TaskPool, RunsEachJobOnceInTheirOrder) {
  TaskPool pool(1);
  std::vector<std::size_t> ran;
  pool.run(4, [&](std::size_t job) { ran.push_back(job); });
  EXPECT_THAT(ran, ElementsAre(0, 1, 2, 3));
  pool.run(0, [&](std::size_t) { FAIL(); });
}

TEST(TaskPool, JobsRunSideBySide) {
  TaskPool pool(2);
  std::latch both(2);  // neither ends before the other has begun
  pool.run(2, [&](std::size_t) { both.arrive_and_wait(); });
}

TEST(TaskPool, AThreadWithoutAJobHelpsWithTasks) {
  TaskPool pool(2);
  std::latch both(2);
  pool.run(1, [&](std::size_t) { pool.for_each(2, [&](std::size_t) { both.arrive_and_wait(); }); });
}

// The pool has more threads than may work, for the tails; which of them work changes, how many do not.
TEST(TaskPool, NoMoreThreadsWorkThanItHas) {
  TaskPool pool(3);
  std::atomic<int> working = 0;
  std::atomic<int> most = 0;
  pool.run(20, [&](std::size_t) {
    pool.for_each(20, [&](std::size_t) {
      const int now = ++working;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(50));  // so that one too many would meet the others
      --working;
    });
  });
  EXPECT_LE(most, 3);
}

TEST(TaskPool, AJobKnowsHowManyThreadsItHas) {
  TaskPool pool(3);
  pool.run(1, [&](std::size_t) { EXPECT_EQ(pool.available(), 3U); });
  std::barrier both(2);
  pool.run(2, [&](std::size_t) {
    both.arrive_and_wait();
    EXPECT_EQ(pool.available(), 2U);
    both.arrive_and_wait();
  });
}

TEST(TaskPool, TheTailOfAJobMakesRoomForTheNext) {
  TaskPool pool(1);
  std::latch second_has_begun(1);
  std::atomic<int> tails = 0;
  pool.run_with_tails(2, [&](std::size_t job) -> TaskPool::Task {
    if (job == 1) second_has_begun.count_down();
    return [&, job] {
      if (job == 0) second_has_begun.wait();
      ++tails;
    };
  });
  EXPECT_EQ(tails, 2);
}

TEST(TaskPool, AsManyTailsAsThreadsAreUnderWayAtMost) {
  constexpr int kThreads = 2;
  TaskPool pool(kThreads);
  std::atomic<int> open = 0;  // begun and not ended, with the tail
  pool.run_with_tails(40, [&](std::size_t) -> TaskPool::Task {
    EXPECT_LE(++open, 2 * kThreads);
    return [&] { --open; };
  });
}

TEST(TaskPool, AFailureInATailEndsTheRun) {
  TaskPool pool(1);
  const auto run = [&] {
    pool.run_with_tails(2, [&](std::size_t job) -> TaskPool::Task {
      return [job] {
        if (job == 0) throw std::runtime_error("tail 0");
      };
    });
  };
  EXPECT_THAT(run, ThrowsMessage<std::runtime_error>("tail 0"));
}

TEST(TaskPool, TasksMayHaveTasks) {
  TaskPool pool(2);
  std::atomic<int> done = 0;
  pool.run(
      3, [&](std::size_t) { pool.for_each(4, [&](std::size_t) { pool.for_each(5, [&](std::size_t) { ++done; }); }); });
  EXPECT_EQ(done, 60);
}

TEST(TaskPool, TheFirstFailureOfAJobEndsTheRun) {
  TaskPool pool(1);
  int started = 0;
  const auto run = [&] {
    pool.run(5, [&](std::size_t job) {
      ++started;
      if (job == 1) throw std::runtime_error("job 1");
    });
  };
  EXPECT_THAT(run, ThrowsMessage<std::runtime_error>("job 1"));
  EXPECT_EQ(started, 2);
  pool.run(1, [&](std::size_t) { ++started; });  // and is over with it
  EXPECT_EQ(started, 3);
}

TEST(TaskPool, ATasksFailureReachesItsJob) {
  TaskPool pool(2);
  std::string caught;
  pool.run(1, [&](std::size_t) {
    try {
      pool.for_each(3, [&](std::size_t task) {
        if (task == 1) throw std::runtime_error("task 1");
      });
    } catch (const std::runtime_error& e) {
      caught = e.what();
    }
  });
  EXPECT_EQ(caught, "task 1");
}

TEST(TaskPool, AJobThatWaitsForAnotherHelpsIt) {
  TaskPool pool(2);
  std::atomic<bool> first_is_done = false;
  std::latch both(2);
  pool.run(2, [&](std::size_t job) {
    if (job == 1) return pool.help_until([&] { return first_is_done.load(); });
    pool.for_each(2, [&](std::size_t) { both.arrive_and_wait(); });  // takes two threads: this one and the waiting one
    first_is_done = true;
    pool.wake();
  });
}

TEST(TaskGroup, WorksUntilTheConditionHoldsAndNoFurther) {
  TaskPool pool(1);
  std::vector<int> done;
  pool.run(1, [&](std::size_t) {
    TaskGroup tasks(pool);
    for (int i = 0; i < 4; ++i) tasks.add([&done, i] { done.push_back(i); });
    tasks.work_until([&] { return done.size() == 2; });
    EXPECT_THAT(done, ElementsAre(0, 1));
  });
  EXPECT_THAT(done, ElementsAre(0, 1));  // the rest was dropped with the group
}

TEST(TaskGroup, LeavesTheTasksOfOthersAlone) {
  TaskPool pool(1);
  pool.run(1, [&](std::size_t) {
    std::vector<std::string> done;
    TaskGroup one(pool);
    TaskGroup other(pool);
    other.add([&] { done.emplace_back("other"); });
    one.add([&] { done.emplace_back("one"); });
    one.finish();
    EXPECT_THAT(done, ElementsAre("one"));
  });
}

TEST(TaskGroup, ItsEndWaitsForWhatAnotherThreadHasBegun) {
  TaskPool pool(2);
  std::latch begun(1);
  bool done = false;
  pool.run(1, [&](std::size_t) {
    {
      TaskGroup tasks(pool);
      tasks.add([&] {
        begun.count_down();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        done = true;
      });
      begun.wait();  // the other thread took it
    }
    EXPECT_TRUE(done);
  });
}

}  // namespace
}  // namespace pipeline
