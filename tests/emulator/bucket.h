#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <string_view>

namespace pipeline::emulator {

// How the tokens come back: drop by drop, or all R at each whole second, as Spring Cloud Gateway's Redis limiter
// counts.
enum class Discipline { continuous, second_ticks };

struct RateLimit {
  double rate = 0;   // tokens per second; 0: no limit
  double burst = 0;  // capacity; 0: twice the rate

  [[nodiscard]] bool unlimited() const noexcept { return rate <= 0; }
  [[nodiscard]] double capacity() const noexcept { return burst > 0 ? burst : 2 * rate; }
};

// The bucket of one endpoint; starts full. Not thread-safe: it lives under the emulator's mutex.
class TokenBucket {
 public:
  // `ticks_from` is a moment at which a tick falls; the others are whole seconds away from it.
  TokenBucket(RateLimit limit, Discipline discipline, SteadyTime ticks_from);

  // Charges one token. False: the bucket lacks one, nothing is charged.
  bool take(SteadyTime now);
  // In mid-run: the level stays, but never above the new capacity. From no limit to one it starts full.
  void set(RateLimit limit, SteadyTime now);

  [[nodiscard]] std::int64_t replenish_rate() const noexcept;
  [[nodiscard]] std::int64_t burst_capacity() const noexcept;
  [[nodiscard]] std::int64_t remaining() const noexcept;  // whole tokens, as of the last call

 private:
  void refill(SteadyTime now);

  RateLimit limit_;
  const Discipline discipline_;
  const SteadyTime ticks_from_;
  double level_;
  SteadyTime filled_at_{};  // long ago: it starts full
};

enum class QuotaPeriod { seconds, round, hours };

[[nodiscard]] std::string_view to_string(QuotaPeriod period) noexcept;

struct Quota {
  QuotaPeriod period = QuotaPeriod::hours;
  std::int64_t limit = 1;
};

// Calls an application may make in a window of a second or an hour that starts with the quota; a ROUND has no end.
class QuotaCounter {
 public:
  QuotaCounter(Quota quota, SteadyTime start) : quota_(quota), window_start_(start) {}

  bool take(SteadyTime now);
  [[nodiscard]] const Quota& quota() const noexcept { return quota_; }
  [[nodiscard]] std::int64_t remaining() const noexcept { return quota_.limit - used_; }

 private:
  Quota quota_;
  SteadyTime window_start_;
  std::int64_t used_ = 0;
};

}  // namespace pipeline::emulator
