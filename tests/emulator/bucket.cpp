#include "emulator/bucket.h"

#include <algorithm>
#include <cmath>

namespace pipeline::emulator {

namespace {

// What the headers say where there is no limit.
constexpr RateLimit kUnlimited{1'000'000, 2'000'000};

// Sums of fractions come out a hair below the whole token they stand for.
constexpr double kHair = 1e-6;

}  // namespace

TokenBucket::TokenBucket(RateLimit limit, Discipline discipline, SteadyTime ticks_from)
    : limit_(limit), discipline_(discipline), ticks_from_(ticks_from), level_(limit.capacity()) {}

void TokenBucket::refill(SteadyTime now) {
  double seconds = 0;
  if (discipline_ == Discipline::continuous) {
    seconds = to_seconds(now - filled_at_);
  } else {
    const auto ticks = [this](SteadyTime t) {
      return std::chrono::floor<std::chrono::seconds>(t - ticks_from_).count();
    };
    seconds = static_cast<double>(ticks(now) - ticks(filled_at_));
  }
  level_ = std::min(limit_.capacity(), level_ + std::max(seconds, 0.0) * limit_.rate);
  filled_at_ = std::max(now, filled_at_);
}

bool TokenBucket::take(SteadyTime now) {
  refill(now);
  if (limit_.unlimited()) return true;
  if (level_ < 1 - kHair) return false;
  level_ -= 1;
  return true;
}

void TokenBucket::set(RateLimit limit, SteadyTime now) {
  refill(now);
  level_ = limit_.unlimited() ? limit.capacity() : std::min(level_, limit.capacity());
  limit_ = limit;
}

std::int64_t TokenBucket::replenish_rate() const noexcept {
  return std::llround((limit_.unlimited() ? kUnlimited : limit_).rate);
}

std::int64_t TokenBucket::burst_capacity() const noexcept {
  return std::llround((limit_.unlimited() ? kUnlimited : limit_).capacity());
}

std::int64_t TokenBucket::remaining() const noexcept {
  if (limit_.unlimited()) return burst_capacity();
  return static_cast<std::int64_t>(std::max(0.0, std::floor(level_ + kHair)));
}

std::string_view to_string(QuotaPeriod period) noexcept {
  switch (period) {
    case QuotaPeriod::seconds:
      return "SECONDS";
    case QuotaPeriod::round:
      return "ROUND";
    case QuotaPeriod::hours:
      break;
  }
  return "HOURS";
}

bool QuotaCounter::take(SteadyTime now) {
  if (quota_.period != QuotaPeriod::round) {
    const std::chrono::seconds window(quota_.period == QuotaPeriod::hours ? 3600 : 1);
    if (const auto passed = (now - window_start_) / window; passed > 0) {
      window_start_ += passed * window;
      used_ = 0;
    }
  }
  if (used_ >= quota_.limit) return false;
  ++used_;
  return true;
}

}  // namespace pipeline::emulator
