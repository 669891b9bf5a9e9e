#pragma once

#include "pipeline/base/clock.h"

#include <atomic>
#include <functional>

namespace pipeline::media {

// When to stop: the time is up, or the caller asks for it. Once reached it stays so. Borrows the clock and the caller's
// function. Any thread.
class Deadline {
 public:
  Deadline(const Clock& clock, Nanoseconds timeout, const std::function<bool()>& interrupted)
      : clock_(clock), end_(clock.now() + timeout), interrupted_(interrupted) {}

  [[nodiscard]] bool reached() const noexcept {
    if (timed_out() || was_interrupted()) return true;
    if (interrupted_ && interrupted_())
      was_interrupted_ = true;
    else if (clock_.now() >= end_)
      timed_out_ = true;
    return timed_out() || was_interrupted();
  }
  // Whether a call of reached() said so.
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
  [[nodiscard]] bool was_interrupted() const noexcept { return was_interrupted_; }

 private:
  const Clock& clock_;
  const SteadyTime end_;
  const std::function<bool()>& interrupted_;
  mutable std::atomic<bool> timed_out_{false};
  mutable std::atomic<bool> was_interrupted_{false};
};

}  // namespace pipeline::media
