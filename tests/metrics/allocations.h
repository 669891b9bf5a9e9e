#pragma once

#include <cstdint>

namespace pipeline::test {

// What operator new was asked for. A program that links allocations.cpp has its operator new replaced, to count.
struct Allocations {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
};

// By the calling thread so far.
[[nodiscard]] Allocations allocations() noexcept;

}  // namespace pipeline::test
