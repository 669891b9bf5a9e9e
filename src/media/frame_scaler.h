#pragma once

#include "libav.h"
#include "orientation.h"
#include "sdr_mapper.h"

#include <optional>

namespace pipeline::media {

struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

// The size in which a frame is packed, before it is turned: square pixels, the long side at most `long_side`, never
// larger than it is shown.
[[nodiscard]] Size packed_size(Size decoded, double sample_aspect, int long_side) noexcept;

// swscale, with its tables kept between frames of one kind. One thread at a time.
class FrameConverter {
 public:
  struct Conversion {
    Size from;
    int format = -1;  // AVPixelFormat
    bool full_range = false;
    Size to;
    int target = -1;  // AVPixelFormat
    bool to_full_range = true;
    friend bool operator==(const Conversion&, const Conversion&) = default;
  };
  // Null: swscale does not know one of the pixel formats.
  [[nodiscard]] FrameHandle convert(const AVFrame& frame, const Conversion& conversion);

 private:
  [[nodiscard]] bool prepare(const Conversion& conversion);

  Conversion prepared_;
  ScalerHandle scaler_;
};

// Makes decoded frames what a JPEG takes: yuvj420p in full range, scaled, in the colours of a JPEG and of an ordinary
// screen, upright. The same bytes on every machine. One thread at a time.
class FrameScaler {
 public:
  explicit FrameScaler(int long_side) : long_side_(long_side) {}

  // Null: swscale does not know the pixel format.
  [[nodiscard]] FrameHandle scale(const AVFrame& frame, double sample_aspect, Orientation orientation);

 private:
  [[nodiscard]] FrameHandle scale_wide(const AVFrame& frame, FrameConverter::Conversion conversion,
                                       WideColours colours);

  const int long_side_;
  FrameConverter converter_;
  std::optional<SdrMapper> mapper_;
};

}  // namespace pipeline::media
