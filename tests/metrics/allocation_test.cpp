#include "pipeline/metrics/metrics.h"

#include "metrics/allocations.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;

class AllocationTest : public ::testing::Test {
 protected:
  void record(int samples) {
    for (int i = 0; i < samples; ++i)
      metrics.record(timer, clock.now(), Nanoseconds(i % 1000), {.content_id = "POST001", .sku = "10000001"});
  }

  test::TempDir scratch;
  test::FakeClock clock;
  Metrics metrics{clock, scratch.path()};
  Timer timer = metrics.timer("detail_fetch_seconds");
};

TEST_F(AllocationTest, TheHotPathAllocatesNothing) {
  Counter counter = metrics.counter("api_requests_total");
  const std::uint64_t before = test::allocations().calls;
  for (int i = 0; i < 10'000; ++i) {
    const auto timed = metrics.time(timer, {.sku = "10000001"});
    counter.add();
  }
  EXPECT_EQ(test::allocations().calls - before, 0U);
}

TEST_F(AllocationTest, CollectingTakesTheSameMemoryForAnyNumberOfSamples) {
  const auto bytes_of_rows = [&] {
    const std::uint64_t before = test::allocations().bytes;
    EXPECT_EQ(metrics.rows().size(), 1U);
    return test::allocations().bytes - before;
  };
  record(1000);
  const std::uint64_t few = bytes_of_rows();
  record(200'000);
  EXPECT_EQ(bytes_of_rows(), few);
}

TEST_F(AllocationTest, AThreadNeedsNoMemoryOfItsOwn) {
  std::atomic<std::uint64_t> calls{0};
  for (int i = 0; i < 10; ++i)
    std::thread([&] {
      const std::uint64_t before = test::allocations().calls;
      record(1);
      calls += test::allocations().calls - before;
    }).join();
  EXPECT_EQ(calls.load(), 0U);
}

}  // namespace
}  // namespace pipeline::metrics
