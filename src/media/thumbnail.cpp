#include "pipeline/media/thumbnail.h"

#include "image_type.h"
#include "jpeg_writer.h"
#include "metadata.h"
#include "upright.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace pipeline::media {
namespace {

constexpr auto kEdge = static_cast<std::size_t>(kThumbnailSide);

struct Shape {
  std::size_t width;
  std::size_t height;
};

// The long side is that of a thumbnail, the other one as the picture has it.
Shape size_of(int width, int height) {
  const auto scaled = [](int shorter, int longer) {
    return std::max<std::size_t>(1, kEdge * static_cast<std::size_t>(shorter) / static_cast<std::size_t>(longer));
  };
  return width >= height ? Shape{kEdge, scaled(height, width)} : Shape{scaled(width, height), kEdge};
}

// The readers press every picture into a square; this gives it its shape. Each pixel is the mean of those it touches.
std::vector<std::uint8_t> in_shape(const std::vector<std::uint8_t>& square, Shape size) {
  const auto first = [](std::size_t at, std::size_t of) { return at * kEdge / of; };
  const auto end = [](std::size_t at, std::size_t of) { return ((at + 1) * kEdge + of - 1) / of; };
  std::vector<std::uint8_t> pixels;
  pixels.reserve(3 * size.width * size.height);
  for (std::size_t y = 0; y < size.height; ++y)
    for (std::size_t x = 0; x < size.width; ++x)
      for (std::size_t c = 0; c < 3; ++c) {
        std::size_t sum = 0;
        std::size_t count = 0;
        for (std::size_t from_y = first(y, size.height); from_y < end(y, size.height); ++from_y)
          for (std::size_t from_x = first(x, size.width); from_x < end(x, size.width); ++from_x, ++count)
            sum += square[3 * (from_y * kEdge + from_x) + c];
        pixels.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
      }
  return pixels;
}

// In the best quality that is short enough; in the least of all it is a few hundred bytes.
std::string encode(const PixelRows& picture, std::size_t most_bytes) {
  std::string jpeg;
  for (const int quality : {88, 75, 60, 40, 20, 5}) {
    jpeg = write_jpeg(picture, quality);
    if (jpeg.size() <= most_bytes) break;
  }
  return jpeg;
}

Thumbnail thumbnail_of(std::string_view bytes, std::size_t most_bytes) {
  const ImageType type = image_type(bytes);
  const Decoded decoded = read_picture(type, bytes);
  const int orientation = read_metadata(type, bytes).orientation;
  const auto square = as_shown(decoded.thumbnail, orientation);
  const Shape size =
      is_turned(orientation) ? size_of(decoded.height, decoded.width) : size_of(decoded.width, decoded.height);
  const auto pixels = in_shape(square, size);
  const int width = static_cast<int>(size.width);
  const int height = static_cast<int>(size.height);
  return {encode({width, height, 3 * size.width, pixels}, most_bytes), width, height};
}

}  // namespace

Thumbnail make_thumbnail(std::string_view bytes, std::size_t most_bytes) {
  if (const auto converted = convert_image(bytes)) return thumbnail_of(converted->jpeg, most_bytes);
  return thumbnail_of(bytes, most_bytes);
}

}  // namespace pipeline::media
