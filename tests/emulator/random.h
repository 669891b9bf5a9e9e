#pragma once

#include <cstdint>

namespace pipeline::emulator {

// SplitMix64: the same numbers from the same seed with every compiler, which <random>'s distributions do not promise.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}
  // A stream of its own for each thing of a seeded world.
  constexpr Random(std::uint64_t seed, std::uint64_t thing) noexcept : state_(mix(seed ^ mix(thing + 1))) {}

  constexpr std::uint64_t next() noexcept { return mix(state_ += 0x9e3779b97f4a7c15); }
  constexpr std::uint64_t below(std::uint64_t n) noexcept { return next() % n; }
  // In [0, 1).
  constexpr double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // A bijection: different numbers stay different.
  [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace pipeline::emulator
