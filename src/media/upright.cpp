#include "upright.h"

#include <cstddef>

namespace pipeline::media {
namespace {

constexpr auto kSide = static_cast<std::size_t>(kThumbnailSide);

// Where the pixel that is shown at x, y is stored.
std::size_t stored_at(int orientation, std::size_t x, std::size_t y) {
  const std::size_t far_x = kSide - 1 - x;
  const std::size_t far_y = kSide - 1 - y;
  switch (orientation) {
    case 2:
      return y * kSide + far_x;
    case 3:
      return far_y * kSide + far_x;
    case 4:
      return far_y * kSide + x;
    case 5:
      return x * kSide + y;
    case 6:
      return far_x * kSide + y;
    case 7:
      return far_x * kSide + far_y;
    case 8:
      return x * kSide + far_y;
    default:
      return y * kSide + x;
  }
}

}  // namespace

Decoded read_picture(ImageType type, std::string_view bytes) {
  switch (type) {
    case ImageType::png:
      return read_png(bytes);
    case ImageType::webp:
      return read_webp(bytes);
    case ImageType::gif:
      return read_gif(bytes);
    case ImageType::jpeg:
      break;
  }
  return read_jpeg(bytes);
}

bool is_turned(int orientation) noexcept {
  return orientation >= 5;
}

std::vector<std::uint8_t> as_shown(const std::vector<std::uint8_t>& stored, int orientation) {
  std::vector<std::uint8_t> shown;
  shown.reserve(stored.size());
  for (std::size_t y = 0; y < kSide; ++y)
    for (std::size_t x = 0; x < kSide; ++x) {
      const std::size_t at = 3 * stored_at(orientation, x, y);
      shown.insert(shown.end(), {stored[at], stored[at + 1], stored[at + 2]});
    }
  return shown;
}

}  // namespace pipeline::media
