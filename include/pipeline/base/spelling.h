#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// What a mistyped name was most likely meant to be.
namespace pipeline {

// How many letters have to be put in, left out, replaced or swapped with their neighbour to make one of the other
// (Damerau and Levenshtein, no letter moved twice), upper and lower case being the same. Absent when it is more than
// `limit`, which also bounds the work.
[[nodiscard]] std::optional<std::size_t> spelling_distance(std::string_view one, std::string_view other,
                                                           std::size_t limit);

// The known name that `word` comes nearest to: by a third of its letters at most, and three; else the shortest that
// begins with it. Empty: nothing is like it. Of equals the first.
[[nodiscard]] std::string nearest_name(std::string_view word, std::span<const std::string> known);

// `: did you mean NAME?`, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace pipeline
