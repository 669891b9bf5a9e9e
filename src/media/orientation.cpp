#include "orientation.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

extern "C" {
#include <libavutil/frame.h>
}

namespace pipeline::media {
namespace {

constexpr int kPlanes = 3;

struct Plane {
  std::uint8_t* data;
  std::ptrdiff_t stride;
  int width;
  int height;
};

Plane plane_of(const AVFrame& frame, int i) {
  const bool chroma = i > 0;
  return {frame.data[i], frame.linesize[i], chroma ? (frame.width + 1) / 2 : frame.width,
          chroma ? (frame.height + 1) / 2 : frame.height};
}

void turn(const Plane& from, const Plane& to, Orientation orientation) {
  // One step to the right or down in the result is a step of so many bytes in the source.
  const std::ptrdiff_t x_step = orientation.mirror_x ? -1 : 1;
  const std::ptrdiff_t y_step = orientation.mirror_y ? -from.stride : from.stride;
  const std::ptrdiff_t right = orientation.transpose ? y_step : x_step;
  const std::ptrdiff_t down = orientation.transpose ? x_step : y_step;
  const std::uint8_t* row = from.data + (orientation.mirror_x ? from.width - 1 : 0) +
                            (orientation.mirror_y ? (from.height - 1) * from.stride : 0);
  for (int y = 0; y < to.height; ++y, row += down) {
    std::uint8_t* out = to.data + y * to.stride;
    for (int x = 0; x < to.width; ++x) out[x] = row[x * right];
  }
}

}  // namespace

Orientation orientation_of(std::span<const std::int32_t> display_matrix) noexcept {
  if (display_matrix.size() < 5) return {};
  // x' = a x + c y, y' = b x + d y
  const std::int64_t a = display_matrix[0];
  const std::int64_t b = display_matrix[1];
  const std::int64_t c = display_matrix[3];
  const std::int64_t d = display_matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {a < 0, d < 0, false};
  return {b < 0, c < 0, true};
}

FrameHandle turned(const AVFrame& frame, Orientation orientation) {
  FrameHandle result =
      orientation.transpose ? make_jpeg_frame(frame.height, frame.width) : make_jpeg_frame(frame.width, frame.height);
  for (int i = 0; i < kPlanes; ++i) turn(plane_of(frame, i), plane_of(*result, i), orientation);
  return result;
}

}  // namespace pipeline::media
