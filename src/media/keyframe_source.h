#pragma once

#include "pipeline/media/keyframes.h"

#include "frame_scaler.h"
#include "jpeg_encoder.h"
#include "video_file.h"

#include <filesystem>

namespace pipeline::media {

// A keyframe that was looked at.
struct Sighting {
  enum class Kind { good, dark, bright, damaged };
  Kind kind = Kind::damaged;
  Ticks time = 0;
  Keyframe frame;  // of a good one
};

// What one worker needs to make keyframes of a video: the open file, the scaler, the encoder. One thread at a time.
class KeyframeSource {
 public:
  KeyframeSource(const std::filesystem::path& path, int long_side, const Deadline& deadline)
      : video_(path, deadline), scaler_(long_side) {}

  [[nodiscard]] VideoFile& video() noexcept { return video_; }
  [[nodiscard]] const VideoFile& video() const noexcept { return video_; }

  // Decodes the keyframe that the video found last, at `time`, and makes a JPEG of it when it shows something.
  [[nodiscard]] Sighting look(Ticks time);

 private:
  VideoFile video_;
  FrameScaler scaler_;
  JpegEncoder encoder_;
};

}  // namespace pipeline::media
