#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>

namespace pipeline::http {

// Circuit breaker of one endpoint. It asks whether the *server* is down, so a call counts once however often it is
// repeated: after `threshold` different calls that failed in a row, or when its owner has nothing left to ask, it
// opens. Then nothing goes but one probe at a time, with pauses between them that double; the first answer closes it.
class Breaker {
 public:
  struct Options {
    int threshold = 10;
    Nanoseconds first_pause = std::chrono::seconds(1);
    Nanoseconds max_pause = std::chrono::seconds(30);
  };
  explicit Breaker(Options options) : options_(options) {}

  // When the next request may go: at or before `now` means now. SteadyTime::max(): a probe is under way.
  [[nodiscard]] SteadyTime next(SteadyTime now) const noexcept;

  void succeeded() noexcept;  // the server answered, whatever it said of the call
  // A call failed. `counted` belongs to the call, 0 at first: what a repeat of it is known by.
  void failed(std::uint64_t& counted, SteadyTime now) noexcept;
  void open(SteadyTime first_probe) noexcept;

  void probe_started() noexcept { probing_ = true; }
  void probe_failed(SteadyTime now,
                    SteadyTime latest) noexcept;            // the next one after a pause, at `latest` at the latest
  void probe_told_nothing() noexcept { probing_ = false; }  // the next one may go at once

  [[nodiscard]] bool is_open() const noexcept { return open_; }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }  // different calls, in a row
  [[nodiscard]] SteadyTime since() const noexcept { return since_; }           // the first of them

 private:
  const Options options_;
  std::uint64_t row_ = 1;  // counts the rows of failures, each ended by a success
  std::uint64_t failures_ = 0;
  SteadyTime since_{};
  bool open_ = false;
  bool probing_ = false;
  SteadyTime next_{};
  Nanoseconds pause_{};
};

}  // namespace pipeline::http
