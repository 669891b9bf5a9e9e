#pragma once

#include <cstddef>

// What a post may hold at most; said by the reader and by the JSON Schema.
namespace pipeline::package {

inline constexpr std::size_t kLongestContentId = 64;
inline constexpr std::size_t kLongestTitle = 200;  // characters
inline constexpr std::size_t kMostTags = 30;
inline constexpr std::size_t kMostSkus = 100;

}  // namespace pipeline::package
