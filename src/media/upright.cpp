#include "upright.h"

#include <cstddef>

namespace pipeline::media {
namespace {

constexpr auto kTileSide = static_cast<std::size_t>(kThumbnailSide);

// Where the pixel that is shown at x, y is stored.
std::size_t stored_at(int orientation, std::size_t x, std::size_t y) {
  const std::size_t far_x = kTileSide - 1 - x;
  const std::size_t far_y = kTileSide - 1 - y;
  switch (orientation) {
    case 2:
      return y * kTileSide + far_x;
    case 3:
      return far_y * kTileSide + far_x;
    case 4:
      return far_y * kTileSide + x;
    case 5:
      return x * kTileSide + y;
    case 6:
      return far_x * kTileSide + y;
    case 7:
      return far_x * kTileSide + far_y;
    case 8:
      return x * kTileSide + far_y;
    default:
      return y * kTileSide + x;
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
  for (std::size_t y = 0; y < kTileSide; ++y)
    for (std::size_t x = 0; x < kTileSide; ++x) {
      const std::size_t at = 3 * stored_at(orientation, x, y);
      shown.insert(shown.end(), {stored[at], stored[at + 1], stored[at + 2]});
    }
  return shown;
}

}  // namespace pipeline::media
