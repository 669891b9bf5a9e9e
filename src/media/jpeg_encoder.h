#pragma once

#include "libav.h"

#include <string>

namespace pipeline::media {

// Frames as JPEG files of one quality, the same bytes for the same frame. Keeps the encoder between frames of one size.
// One thread at a time.
class JpegEncoder {
 public:
  // A yuvj420p frame. Empty: libav refuses it. Throws bad_alloc.
  [[nodiscard]] std::string encode(AVFrame& picture);

 private:
  [[nodiscard]] bool open(int width, int height);

  CodecHandle encoder_;
};

}  // namespace pipeline::media
