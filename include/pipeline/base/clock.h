#pragma once

#include <chrono>

namespace pipeline {

using Nanoseconds = std::chrono::nanoseconds;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Nanoseconds>;  // for durations
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;                   // for the record

// The two clocks of a run, behind a seam so that tests turn time by hand. Thread-safe, never throws.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime now() const noexcept = 0;
  [[nodiscard]] virtual WallTime wall() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const noexcept override {
    return std::chrono::time_point_cast<Nanoseconds>(std::chrono::steady_clock::now());
  }
  [[nodiscard]] WallTime wall() const noexcept override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

[[nodiscard]] constexpr double to_seconds(Nanoseconds d) noexcept {
  return static_cast<double>(d.count()) / 1e9;
}

}  // namespace pipeline
