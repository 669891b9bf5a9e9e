#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline::media {

// A picture small enough to stand in a page.
struct Thumbnail {
  std::string jpeg;  // upright, in sRGB, before white, without metadata
  int width = 0;
  int height = 0;
};

// At most 128 pixels a side and `most_bytes` long, of any picture that can be packed. The same bytes for the same
// picture. Any thread. Throws ImageError (image.h).
[[nodiscard]] Thumbnail make_thumbnail(std::string_view bytes, std::size_t most_bytes);

}  // namespace pipeline::media
