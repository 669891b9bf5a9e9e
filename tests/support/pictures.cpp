#include "pictures.h"

#include "picture_canvas.h"
#include "picture_encoders.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

namespace pipeline::test {
namespace {

std::size_t offset(const Pixels& picture, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) * 3;
}

Pixels blank(int width, int height) {
  Pixels picture{width, height, {}};
  picture.rgb.resize(offset(picture, 0, height));
  return picture;
}

// A picture of which each pixel is copied from where `source` says.
template <typename Source>
Pixels rearranged(const Pixels& from, int width, int height, Source source) {
  Pixels to = blank(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto [from_x, from_y] = source(x, y);
      std::copy_n(from.rgb.begin() + static_cast<std::ptrdiff_t>(offset(from, from_x, from_y)), 3,
                  to.rgb.begin() + static_cast<std::ptrdiff_t>(offset(to, x, y)));
    }
  return to;
}

// The mean of what one pixel of the smaller picture covers, or the point between pixels for a larger one.
std::uint8_t sample(const Pixels& from, double left, double top, double right, double bottom, std::size_t channel) {
  double sum = 0;
  double weights = 0;
  for (int y = static_cast<int>(top); y < bottom && y < from.height; ++y)
    for (int x = static_cast<int>(left); x < right && x < from.width; ++x) {
      const double weight = (std::min(right, x + 1.0) - std::max(left, static_cast<double>(x))) *
                            (std::min(bottom, y + 1.0) - std::max(top, static_cast<double>(y)));
      sum += weight * from.rgb[offset(from, x, y) + channel];
      weights += weight;
    }
  return static_cast<std::uint8_t>(std::lround(sum / weights));
}

// Nothing in a GIF could tell a viewer to turn it back.
int orientation_of(const Encoding& encoding) {
  return encoding.type == media::ImageType::gif ? 1 : encoding.metadata.orientation;
}

}  // namespace

Pixels draw(const Scene& scene, int width, int height) {
  Canvas canvas(scene, width, height);
  Pixels picture = blank(width, height);
  const std::size_t row = offset(picture, width, 0);
  for (int y = 0; y < height; ++y) canvas.draw_row(y, std::span(picture.rgb).subspan(offset(picture, 0, y), row));
  return picture;
}

Pixels filled(int width, int height, std::uint8_t level) {
  Pixels picture = blank(width, height);
  std::ranges::fill(picture.rgb, level);
  return picture;
}

Pixels resize(const Pixels& picture, int width, int height) {
  Pixels out = blank(width, height);
  const double step_x = static_cast<double>(picture.width) / width;
  const double step_y = static_cast<double>(picture.height) / height;
  // A window of at least one pixel: enlarging then mixes neighbours in place of repeating them.
  const double reach_x = std::max(step_x, 1.0) / 2;
  const double reach_y = std::max(step_y, 1.0) / 2;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (std::size_t c = 0; c < 3; ++c) {
        const double at_x = (x + 0.5) * step_x;
        const double at_y = (y + 0.5) * step_y;
        out.rgb[offset(out, x, y) + c] = sample(picture, std::max(0.0, at_x - reach_x), std::max(0.0, at_y - reach_y),
                                                at_x + reach_x, at_y + reach_y, c);
      }
  return out;
}

Pixels crop(const Pixels& picture, double left, double top, double right, double bottom) {
  const int x0 = static_cast<int>(std::lround(picture.width * left));
  const int y0 = static_cast<int>(std::lround(picture.height * top));
  const int width = picture.width - x0 - static_cast<int>(std::lround(picture.width * right));
  const int height = picture.height - y0 - static_cast<int>(std::lround(picture.height * bottom));
  return rearranged(picture, width, height, [&](int x, int y) { return std::pair(x + x0, y + y0); });
}

Pixels adjust(const Pixels& picture, double brightness, double contrast) {
  Pixels out = picture;
  for (std::uint8_t& level : out.rgb)
    level = static_cast<std::uint8_t>(std::clamp((level - 128) * contrast + 128 + brightness, 0.0, 255.0));
  return out;
}

Pixels stored_for_orientation(const Pixels& picture, int orientation) {
  const int w = picture.width;
  const int h = picture.height;
  switch (orientation) {
    case 2:
      return rearranged(picture, w, h, [&](int x, int y) { return std::pair(w - 1 - x, y); });
    case 3:
      return rearranged(picture, w, h, [&](int x, int y) { return std::pair(w - 1 - x, h - 1 - y); });
    case 4:
      return rearranged(picture, w, h, [&](int x, int y) { return std::pair(x, h - 1 - y); });
    case 5:
      return rearranged(picture, h, w, [&](int x, int y) { return std::pair(y, x); });
    case 6:
      return rearranged(picture, h, w, [&](int x, int y) { return std::pair(w - 1 - y, x); });
    case 7:
      return rearranged(picture, h, w, [&](int x, int y) { return std::pair(w - 1 - y, h - 1 - x); });
    case 8:
      return rearranged(picture, h, w, [&](int x, int y) { return std::pair(y, h - 1 - x); });
    default:
      return picture;
  }
}

std::string encode(const Pixels& picture, const Encoding& encoding) {
  const Pixels stored = stored_for_orientation(picture, orientation_of(encoding));
  const std::size_t row = offset(stored, stored.width, 0);
  return encode_rows(stored.width, stored.height, encoding, [&](int y, std::span<std::uint8_t> rgb) {
    std::copy_n(stored.rgb.begin() + static_cast<std::ptrdiff_t>(offset(stored, 0, y)), row, rgb.begin());
  });
}

std::string photo(const Scene& scene, int width, int height, const Encoding& encoding) {
  Canvas canvas(scene, width, height, orientation_of(encoding));
  return encode_rows(canvas.width(), canvas.height(), encoding,
                     [&](int y, std::span<std::uint8_t> rgb) { canvas.draw_row(y, rgb); });
}

}  // namespace pipeline::test
