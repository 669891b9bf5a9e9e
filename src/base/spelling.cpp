#include "pipeline/base/spelling.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace pipeline {
namespace {

constexpr std::size_t kMostLetters = 64;  // longer words are nobody's slip
constexpr std::size_t kFarthest = 3;
constexpr std::size_t kShortestBeginning = 2;

bool begins_with(std::string_view text, std::string_view beginning) noexcept {
  return equal_ignoring_case(text.substr(0, beginning.size()), beginning);
}

}  // namespace

std::optional<std::size_t> spelling_distance(std::string_view one, std::string_view other, std::size_t limit) {
  if (one.size() > kMostLetters || other.size() > kMostLetters) return std::nullopt;
  const std::size_t columns = other.size() + 1;
  std::vector<std::size_t> before_last(columns), last(columns), row(columns);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const char a = to_lower(one[i - 1]);
      const char b = to_lower(other[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a == b ? 0 : 1)});
      if (i > 1 && j > 1 && a == to_lower(other[j - 2]) && to_lower(one[i - 2]) == b)
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    if (*std::ranges::min_element(row) > limit) return std::nullopt;
  }
  return row.back() <= limit ? std::optional(row.back()) : std::nullopt;
}

std::string nearest_name(std::string_view word, std::span<const std::string> known) {
  std::string nearest;
  for (std::size_t limit = std::min(kFarthest, (word.size() + 2) / 3); const std::string& name : known) {
    const auto distance = spelling_distance(word, name, limit);
    if (!distance || (!nearest.empty() && *distance == limit)) continue;
    nearest = name;
    limit = *distance;
  }
  if (!nearest.empty() || word.size() < kShortestBeginning) return nearest;
  for (const std::string& name : known)
    if (begins_with(name, word) && (nearest.empty() || name.size() < nearest.size())) nearest = name;
  return nearest;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::string nearest = nearest_name(word, known);
  return nearest.empty() ? "" : ": did you mean " + nearest + "?";
}

}  // namespace pipeline
