#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace pipeline::metrics {

// Nearest rank: the smallest value with at least a share q of all n values at or below it stands at rank
// max(1, ceil(q * n)), counted from 1. n > 0; 0 <= q <= 1.
[[nodiscard]] std::uint64_t nearest_rank(std::uint64_t n, double q) noexcept;

// The value there. `sorted` ascends and is not empty.
[[nodiscard]] double nearest_rank(std::span<const double> sorted, double q) noexcept;

// Asks for the value at `rank`, counted from 1, of the values of one series.
struct RankQuery {
  std::uint32_t series = 0;
  std::uint64_t rank = 1;
  std::uint64_t value = 0;  // the answer
};

using ValueVisitor = std::function<void(std::uint32_t series, std::uint64_t value)>;

// Answers all queries exactly without holding or sorting the values: a radix selection that reads them again for every
// 11 bits of `largest` (two to four times for durations in nanoseconds). Memory is 16 KiB a query, however many values.
// `read` hands every value of every series to the visitor, the same ones on each call, none above `largest`.
// Throws Error when they were not the same.
void select_ranks(std::span<RankQuery> queries, std::uint64_t largest,
                  const std::function<void(const ValueVisitor& visit)>& read);

}  // namespace pipeline::metrics
