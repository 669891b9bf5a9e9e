#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>

namespace pipeline::http {

// Circuit breaker: after `threshold` faults in a row, with no success between them, nothing is sent for a cool-down
// that doubles each time; then one probe goes, and its success closes the circuit. At the `max_opens`-th opening in a
// row the server is taken to be down: exhausted().
class Breaker {
 public:
  struct Options {
    int threshold = 10;
    int max_opens = 5;
    Nanoseconds first_cooldown = std::chrono::seconds(1);
    Nanoseconds max_cooldown = std::chrono::seconds(30);
  };
  explicit Breaker(Options options);

  // When the next request may go: at or before `now` means now. SteadyTime::max(): a probe is under way.
  [[nodiscard]] SteadyTime next(SteadyTime now) const noexcept;
  void started(SteadyTime now) noexcept;  // a request goes; when the circuit is open it is the probe
  void succeeded() noexcept;              // the server answered, whatever it said of the call
  // A request sent at `sent` failed. One from before the opening, or before the probe, tells nothing new.
  void failed(SteadyTime sent, SteadyTime now) noexcept;
  // The answer says nothing of the server's health (a refusal for the rate): had it been the probe, another may go.
  void inconclusive(SteadyTime sent) noexcept;

  [[nodiscard]] bool exhausted() const noexcept { return opens_ >= options_.max_opens; }
  [[nodiscard]] bool open() const noexcept { return opens_ > 0; }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }  // in a row

 private:
  const Options options_;
  std::uint64_t failures_ = 0;
  int opens_ = 0;  // in a row; 0: the circuit is closed
  SteadyTime until_{};
  bool probing_ = false;
  SteadyTime probe_sent_{};
};

}  // namespace pipeline::http
