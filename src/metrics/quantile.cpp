#include "pipeline/metrics/quantile.h"

#include "pipeline/base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace pipeline::metrics {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

// A query under way: the leading digits of its answer are known, one more after every pass.
struct Search {
  RankQuery* query;
  std::uint64_t rank;        // among the values that begin with `prefix`
  std::uint64_t prefix = 0;  // value >> (bits still unknown)
  std::array<std::uint64_t, kDigits> seen{};

  void take_next_digit() {
    std::size_t digit = 0;
    while (digit < kDigits && rank > seen[digit]) rank -= seen[digit++];
    if (digit == kDigits) throw Error("cannot compute quantiles: the samples changed while they were read");
    prefix = (prefix << kDigitBits) | digit;
    seen.fill(0);
  }
};

}  // namespace

std::uint64_t nearest_rank(std::uint64_t n, double q) noexcept {
  // 0.07 * 100 is a little more than 7 in binary; a share is meant as it is written in decimal.
  constexpr double kRounding = 1 - 4 * std::numeric_limits<double>::epsilon();
  const double rank = std::ceil(q * static_cast<double>(n) * kRounding);
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, n);
}

double nearest_rank(std::span<const double> sorted, double q) noexcept {
  return sorted[nearest_rank(std::uint64_t{sorted.size()}, q) - 1];
}

void select_ranks(std::span<RankQuery> queries, std::uint64_t largest,
                  const std::function<void(const ValueVisitor& visit)>& read) {
  if (queries.empty()) return;
  std::vector<Search> searches;
  searches.reserve(queries.size());
  for (RankQuery& query : queries) searches.push_back({.query = &query, .rank = query.rank});

  const auto by_series = [](const RankQuery& a, const RankQuery& b) { return a.series < b.series; };
  std::vector<std::vector<Search*>> searches_of(std::ranges::max_element(queries, by_series)->series + std::size_t{1});
  for (Search& search : searches) searches_of[search.query->series].push_back(&search);

  const auto digits = (static_cast<int>(std::bit_width(largest | 1)) + kDigitBits - 1) / kDigitBits;
  for (int shift = (digits - 1) * kDigitBits; shift >= 0; shift -= kDigitBits) {
    read([&](std::uint32_t series, std::uint64_t value) {
      if (series >= searches_of.size()) return;
      const std::uint64_t leading = value >> shift;
      for (Search* search : searches_of[series])
        if (leading >> kDigitBits == search->prefix) ++search->seen[leading % kDigits];
    });
    for (Search& search : searches) search.take_next_digit();
  }
  for (const Search& search : searches) search.query->value = search.prefix;
}

}  // namespace pipeline::metrics
