#pragma once

#include "pipeline/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::media {

// Calls task(0) … task(n - 1), each once, maybe several at a time, and returns when all are done.
using ForEach = std::function<void(std::size_t n, const std::function<void(std::size_t)>& task)>;

struct KeyframeOptions {
  int count = 6;
  int long_side = 1280;  // pixels at most; never enlarged
  Nanoseconds timeout = std::chrono::seconds(8);
  std::size_t workers = 1;  // contexts that share the places, each given to for_each as one task
};

struct Keyframe {
  double at_seconds = 0;  // of the frame that was decoded, from the start of the video
  int width = 0;          // as packed: upright, square pixels
  int height = 0;
  std::string jpeg;
  std::uint64_t perceptual_hash = 0;
  std::string look;  // likeness.h
};

struct Keyframes {
  std::vector<Keyframe> frames;  // in the order of time; no two nearly equal, none near-black or near-white
  // Why there are fewer than asked, or none: a predicate to put behind the file's name, "is encrypted". Empty: there
  // are as many as asked.
  std::string shortfall;
  bool timed_out = false;
  std::string codec;            // h264, hevc, vp9, …; empty when there is no video in the file
  double duration_seconds = 0;  // as the file says, or as it was found by reading it; 0: it could not be opened
};

// Keyframes spread over the video: the same for the same file, whatever the number of workers and the machine, unless
// the time is up. A file that gives none says why in `shortfall`; this throws nothing but what for_each throws, and
// bad_alloc. `interrupted` is asked on any thread, must not throw, and ends it early as the timeout does: between two
// reads of the file or two steps, and within a tenth of a second while a frame is decoded. That frame's decoding is
// left to a thread of its own, which ends with it.
[[nodiscard]] Keyframes extract_keyframes(const std::filesystem::path& video, const KeyframeOptions& options,
                                          const Clock& clock, const ForEach& for_each,
                                          const std::function<bool()>& interrupted);

}  // namespace pipeline::media
