#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <random>

namespace pipeline::http {

// Exponential backoff with full jitter: before retry n (from 1) a time drawn evenly from [0, min(cap, base * 2^(n-1))].
// (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
class Backoff {
 public:
  struct Options {
    Nanoseconds base = std::chrono::milliseconds(500);
    Nanoseconds cap = std::chrono::seconds(30);
  };
  Backoff(Options options, std::uint64_t seed);
  [[nodiscard]] Nanoseconds delay(int retry);

 private:
  Options options_;
  std::mt19937_64 random_;
};

}  // namespace pipeline::http
