#pragma once

#include "support/pictures.h"

#include <string>

// Encodings that cameras do not make, but that find their way into posts.
namespace pipeline::test {

enum class Colours { gray, cmyk, ycck };
[[nodiscard]] std::string odd_jpeg(const Pixels& picture, Colours colours);

struct PngForm {
  enum class Colour { gray, gray_alpha, rgb, rgb_alpha, palette } colour = Colour::rgb;
  int bits = 8;  // 16 but for a palette; a palette's or gray's may be 1, 2 or 4
  bool interlaced = false;
  bool left_half_transparent = false;  // with alpha
};
[[nodiscard]] std::string odd_png(const Pixels& picture, const PngForm& form);

// Each shows `first`, then `second`.
[[nodiscard]] std::string animated_gif(const Pixels& first, const Pixels& second);
[[nodiscard]] std::string animated_webp(const Pixels& first, const Pixels& second);
[[nodiscard]] std::string lossless_webp(const Pixels& picture);

}  // namespace pipeline::test
