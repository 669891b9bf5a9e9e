#pragma once

#include "pipeline/package/post.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// Tells which picture of a post an <img src> means: `images/front.jpg`, `./images/front.jpg`, percent-encoded, with the
// Korean of macOS, with the backslashes of Windows, in other letters' case, or the bare name of a file in images/.
class ImageFinder {
 public:
  explicit ImageFinder(std::span<const PostImage> images);
  [[nodiscard]] std::optional<std::size_t> find(std::string_view src) const;
  // `: did you mean images/front.jpg?`, or nothing.
  [[nodiscard]] std::string suggestion(std::string_view src) const;

 private:
  std::vector<std::string> names_;   // composed
  std::vector<std::string> folded_;  // the same without upper case
};

}  // namespace pipeline::package
