#pragma once

#include "pipeline/base/error.h"

#include "deadline.h"
#include "decoder.h"
#include "libav.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

struct AVStream;

namespace pipeline::media {

// Why a video gives no frames: a predicate to put behind the file's name, "is encrypted".
class VideoFault : public Error {
 public:
  using Error::Error;
};

using Ticks = std::int64_t;  // time in units of the video stream

// One video stream of a file, opened once, with its decoder. Keyframes are found by seeking and decoded by themselves:
// no other frame is. All reading and decoding ends when the deadline is reached. What is found depends on the file and
// the question alone, not on what was asked before. Borrows the deadline. One thread at a time.
class VideoFile {
 public:
  VideoFile(const std::filesystem::path& path, const Deadline& deadline);  // throws VideoFault

  [[nodiscard]] const std::string& codec() const noexcept { return codec_name_; }
  [[nodiscard]] double seconds() const noexcept;  // its duration
  [[nodiscard]] double seconds_at(Ticks time) const noexcept;
  [[nodiscard]] Ticks time_at(double part) const noexcept;  // 0: the start, 1: the end

  // Each finds a keyframe, tells its time and keeps it for decode().
  [[nodiscard]] std::optional<Ticks> find_at_or_before(Ticks time);
  [[nodiscard]] std::optional<Ticks> find_after(Ticks time);
  [[nodiscard]] std::optional<Ticks> find_before(Ticks time);

  // The keyframe that was found last; null when it is damaged or encrypted, or the time is up.
  [[nodiscard]] FrameHandle decode();

  // How the frame has to be shown.
  [[nodiscard]] std::vector<std::int32_t> display_matrix(const AVFrame& frame) const;  // nine numbers, or none
  [[nodiscard]] double sample_aspect(AVFrame& frame) const;                            // width to height of a pixel

 private:
  void select_stream();
  void open_decoder();
  void find_extent();
  void read_to_the_end();
  [[nodiscard]] bool index_ends_early() const;
  [[nodiscard]] bool seek(Ticks time, int flags);
  [[nodiscard]] bool read_packet();  // of the video
  [[nodiscard]] std::optional<Ticks> read_keyframe();
  [[nodiscard]] FrameHandle decode_packet();
  [[nodiscard]] FrameHandle decode_fields(const AVPacket& first);

  const Deadline& deadline_;
  FormatHandle format_;
  AVStream* stream_ = nullptr;
  Decoder decoder_;
  PacketHandle packet_;
  std::string codec_name_;
  Ticks start_ = 0;
  Ticks duration_ = 0;
};

}  // namespace pipeline::media
