#pragma once

#include "libav.h"
#include "orientation.h"

namespace pipeline::media {

struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

// The size in which a frame is packed, before it is turned: square pixels, the long side at most `long_side`, never
// larger than it is shown.
[[nodiscard]] Size packed_size(Size decoded, double sample_aspect, int long_side) noexcept;

// Makes decoded frames what a JPEG takes: yuvj420p in full range, scaled, in the colours of a JPEG, upright. The same
// bytes on every machine. Keeps swscale's tables between frames of one size. One thread at a time.
class FrameScaler {
 public:
  explicit FrameScaler(int long_side) : long_side_(long_side) {}

  // Null: swscale does not know the pixel format.
  [[nodiscard]] FrameHandle scale(const AVFrame& frame, double sample_aspect, Orientation orientation);

 private:
  struct Conversion {
    Size from;
    Size to;
    int format = -1;  // AVPixelFormat
    bool full_range = false;
    friend bool operator==(const Conversion&, const Conversion&) = default;
  };
  [[nodiscard]] bool prepare(const Conversion& conversion);

  const int long_side_;
  Conversion prepared_;
  ScalerHandle scaler_;
};

}  // namespace pipeline::media
