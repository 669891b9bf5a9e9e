#include "keyframe_source.h"

#include "box_scaler.h"
#include "frame_judge.h"
#include "look.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
}

namespace pipeline::media {
namespace {

// The luma of a frame without the padding of its rows; `storage` holds it where there is padding.
GrayPicture luma_of(const AVFrame& frame, std::vector<std::uint8_t>& storage) {
  const auto width = static_cast<std::size_t>(frame.width);
  const auto height = static_cast<std::size_t>(frame.height);
  if (frame.linesize[0] == frame.width) return {frame.width, frame.height, {frame.data[0], width * height}};
  storage.reserve(width * height);
  for (int y = 0; y < frame.height; ++y) {
    const std::uint8_t* row = frame.data[0] + std::ptrdiff_t{y} * frame.linesize[0];
    storage.insert(storage.end(), row, row + width);
  }
  return {frame.width, frame.height, storage};
}

// One plane of a frame, scaled to a look.
std::vector<std::uint8_t> square_of(const AVFrame& frame, int plane, int width, int height) {
  BoxScaler scaler(width, height, kLookSide);
  for (int y = 0; y < height; ++y)
    scaler.add_row(y, {frame.data[plane] + std::ptrdiff_t{y} * frame.linesize[plane], static_cast<std::size_t>(width)});
  return scaler.pixels();
}

Appearance appearance_of_frame(const AVFrame& frame) {
  const int half_width = (frame.width + 1) / 2;
  const int half_height = (frame.height + 1) / 2;
  const auto luma = square_of(frame, 0, frame.width, frame.height);
  const auto blue = square_of(frame, 1, half_width, half_height);
  const auto red = square_of(frame, 2, half_width, half_height);
  return appearance_of(YcbcrSquares{luma, blue, red});
}

}  // namespace

Sighting KeyframeSource::look(Ticks time) {
  Sighting seen{Sighting::Kind::damaged, time, {}};
  const FrameHandle decoded = video_.decode();
  if (!decoded) return seen;
  const FrameHandle picture =
      scaler_.scale(*decoded, video_.sample_aspect(*decoded), orientation_of(video_.display_matrix(*decoded)));
  if (!picture) return seen;

  std::vector<std::uint8_t> storage;
  const GrayPicture gray = luma_of(*picture, storage);
  if (const Shade shade = shade_of(gray); shade != Shade::normal) {
    seen.kind = shade == Shade::dark ? Sighting::Kind::dark : Sighting::Kind::bright;
    return seen;
  }
  Appearance appearance = appearance_of_frame(*picture);
  seen.frame = {video_.seconds_at(time),   picture->width,  picture->height,
                encoder_.encode(*picture), appearance.hash, std::move(appearance.look)};
  if (!seen.frame.jpeg.empty()) seen.kind = Sighting::Kind::good;
  return seen;
}

}  // namespace pipeline::media
