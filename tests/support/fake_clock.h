#pragma once

#include "pipeline/base/clock.h"

#include <atomic>

namespace pipeline::test {

// A clock that stands still until it is turned. Both faces move together. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime wall = WallTime(std::chrono::milliseconds(1'775'000'000'000))) : wall_(wall) {}

  [[nodiscard]] SteadyTime now() const noexcept override { return SteadyTime(Nanoseconds(elapsed_.load())); }
  [[nodiscard]] WallTime wall() const noexcept override {
    return wall_ + std::chrono::duration_cast<std::chrono::milliseconds>(Nanoseconds(elapsed_.load()));
  }

  void advance(Nanoseconds by) noexcept { elapsed_.fetch_add(by.count()); }
  // Moves forward only.
  void advance_to(SteadyTime to) noexcept {
    if (to > now()) elapsed_.store(to.time_since_epoch().count());
  }

 private:
  const WallTime wall_;
  std::atomic<std::int64_t> elapsed_{1'000'000'000};
};

}  // namespace pipeline::test
