#pragma once

#include "libav.h"

#include <cstdint>
#include <span>

namespace pipeline::media {

// How a decoded frame is turned to be upright: mirrored first, then its rows made columns.
struct Orientation {
  bool mirror_x = false;
  bool mirror_y = false;
  bool transpose = false;
  friend bool operator==(const Orientation&, const Orientation&) = default;
};

// Of a display matrix (ISO 14496-12, 8.3.2): the nearest of the eight that keep the picture's sides straight. Nothing
// given: as decoded.
[[nodiscard]] Orientation orientation_of(std::span<const std::int32_t> display_matrix) noexcept;

// A copy of a yuvj420p frame, turned. Throws bad_alloc.
[[nodiscard]] FrameHandle turned(const AVFrame& frame, Orientation orientation);

}  // namespace pipeline::media
