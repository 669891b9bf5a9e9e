#include "pipeline/base/worker.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace pipeline {
namespace {

using std::runtime_error;

// A task that has begun and waits: the worker's queue is then in the test's hands.
class Gate {
 public:
  Worker::Task task() {
    return [this] {
      begun_.count_down();
      open_.wait();
    };
  }
  void wait_until_begun() { begun_.wait(); }
  void open() { open_.count_down(); }

 private:
  std::latch begun_{1};
  std::latch open_{1};
};

TEST(Worker, KeepsTheOrder) {
  std::vector<int> done;
  std::vector<int> expected(200);
  std::iota(expected.begin(), expected.end(), 0);
  Worker worker(4);
  for (const int i : expected) worker.post([&done, i] { done.push_back(i); });
  worker.drain();
  EXPECT_EQ(done, expected);
}

TEST(Worker, RunsOnAThreadOfItsOwn) {
  std::thread::id id;
  Worker worker(1);
  worker.post([&] { id = std::this_thread::get_id(); });
  worker.drain();
  EXPECT_NE(id, std::this_thread::get_id());
}

TEST(Worker, IsFullAtItsCapacity) {
  Gate gate;
  Worker worker(2);
  worker.post(gate.task());
  gate.wait_until_begun();
  worker.post([] {});
  EXPECT_FALSE(worker.full());
  worker.post([] {});
  EXPECT_TRUE(worker.full());
  gate.open();
  worker.drain();
  EXPECT_FALSE(worker.full());
}

TEST(Worker, AProducerIsNeverFurtherAheadThanTheQueueIsLong) {
  constexpr int kCapacity = 3;
  constexpr int kTasks = 300;
  std::atomic<int> posted{0};
  int most_ahead = 0;
  Worker worker(kCapacity);
  for (int i = 0; i < kTasks; ++i) {
    worker.post([&, i] {
      for (int turn = 0; turn < 20; ++turn) std::this_thread::yield();  // the producer's chance to run ahead
      most_ahead = std::max(most_ahead, posted.load() - (i + 1));
    });
    ++posted;
  }
  worker.drain();
  EXPECT_LE(most_ahead, kCapacity);
}

TEST(Worker, RethrowsAFailureAndDropsLaterTasks) {
  Gate gate;
  bool ran = false;
  Worker worker(4);
  worker.post(gate.task());
  worker.post([] { throw runtime_error("disk"); });
  worker.post([&] { ran = true; });
  EXPECT_NO_THROW(worker.check());
  gate.open();
  EXPECT_THROW(worker.drain(), runtime_error);
  EXPECT_THROW(worker.check(), runtime_error);
  EXPECT_THROW(worker.post([&] { ran = true; }), runtime_error);
  EXPECT_FALSE(worker.full());
  worker.cancel();
  EXPECT_FALSE(ran);
}

TEST(Worker, AProducerThatWaitsIsToldOfTheFailure) {
  Worker worker(1);
  EXPECT_THROW(
      {
        for (;;) worker.post([] { throw runtime_error("disk"); });
      },
      runtime_error);
}

TEST(Worker, CancelDropsWhatWaitsAndLetsThePresentTaskEnd) {
  Gate gate;
  bool ended = false;
  bool ran = false;
  Worker worker(1);
  worker.post([&, wait = gate.task()] {
    wait();
    ended = true;
  });
  gate.wait_until_begun();
  worker.post([&] { ran = true; });
  auto cancelled = std::async(std::launch::async, [&] { worker.cancel(); });
  while (worker.full()) std::this_thread::yield();  // until the waiting task is dropped
  gate.open();
  cancelled.get();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(ran);
  worker.post([&] { ran = true; });
  worker.drain();
  EXPECT_TRUE(ran);
}

TEST(WorkerWithoutAThread, HasDoneTheTaskWhenPostReturns) {
  Worker worker(0);
  std::thread::id id;
  worker.post([&] { id = std::this_thread::get_id(); });
  EXPECT_EQ(id, std::this_thread::get_id());
  EXPECT_FALSE(worker.full());
  EXPECT_THROW(worker.post([] { throw runtime_error("disk"); }), runtime_error);
  EXPECT_NO_THROW(worker.check());
  EXPECT_NO_THROW(worker.drain());
}

}  // namespace
}  // namespace pipeline
