#pragma once

#include "deadline.h"
#include "libav.h"

#include <utility>

namespace pipeline::media {

// A libav decoder whose work ends in time. Nothing breaks off the decoding of a frame, which takes seconds where the
// picture is large and the machine busy; so it has a thread, and when the deadline is reached it is left to that, ends
// with its frame and frees what it has. Borrows the deadline. One thread at a time.
class Decoder {
 public:
  explicit Decoder(const Deadline& deadline) : deadline_(deadline) {}

  void set(CodecHandle codec) noexcept { codec_ = std::move(codec); }  // that is open

  // The next packet; null: no more will come. Gives the first whole frame that there is now, if any.
  [[nodiscard]] FrameHandle feed(const AVPacket* packet);
  // As if nothing had been fed.
  void restart();

 private:
  const Deadline& deadline_;
  CodecHandle codec_;  // null: it was given up
};

}  // namespace pipeline::media
