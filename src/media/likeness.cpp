#include "pipeline/media/likeness.h"

#include "pipeline/media/perceptual_hash.h"

#include "overlay.h"

namespace pipeline::media {
namespace {

// Bits that hashes of a copy may differ by: with looks the hash only chooses who is looked at closer.
constexpr int kLookedAt = 13;

// What copies leave at most; tests/media/likeness_rates_test.cpp has the rates.
constexpr double kMostDetail = 0.2;
// The figures of a table are small, and nothing in print is blurred or noisy: only a clean copy is one.
constexpr double kMostDetailOfPrint = 0.045;
constexpr double kMostLevel = 12;
constexpr double kMostColour = 9;

}  // namespace

bool worth_a_look(std::uint64_t hash, std::uint64_t other) noexcept {
  return distance(hash, other) <= kLookedAt;
}

bool nearly_equal(const Appearance& a, const Appearance& b) {
  if (!worth_a_look(a.hash, b.hash)) return false;
  const auto here = read_look(a.look);
  const auto there = read_look(b.look);
  if (!here || !there) return distance(a.hash, b.hash) <= kNearlyEqual;
  const Difference left = difference_of(*here, *there);
  const double most_detail = is_print(*here) && is_print(*there) ? kMostDetailOfPrint : kMostDetail;
  return left.detail <= most_detail && left.level <= kMostLevel && left.colour <= kMostColour;
}

}  // namespace pipeline::media
