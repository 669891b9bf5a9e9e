#pragma once

#include "pipeline/package/picture.h"
#include "pipeline/package/post.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

inline constexpr std::size_t kAltShortest = 8;  // characters
inline constexpr std::size_t kAltLongest = 140;

// What is wrong with an alt text by itself: too short, too long, stuffed with keywords. A predicate to put behind its
// name; empty: nothing.
[[nodiscard]] std::string alt_objection(std::string_view alt);

// Whether two alt texts differ in nothing but punctuation, spaces and upper case: no two pictures may have such.
[[nodiscard]] bool say_the_same(std::string_view alt, std::string_view other);

// Gives every picture whose `alt` is empty one made of product name, kind and position, in Korean, which has nothing to
// object to and differs from all others. Where the product has no name the post's title stands for it. The faults name
// texts of the author that break a rule or repeat another; their pictures keep them.
[[nodiscard]] std::vector<Fault> complete_alt_texts(std::span<Picture> pictures, const Post& post,
                                                    std::string_view product_name);

}  // namespace pipeline::package
