#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/media/image.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pipeline::package {

// Why a picture is not in the unique pack.
struct Duplicate {
  enum class Kind { equal, nearly_equal } kind = Kind::equal;
  std::string of;          // the file of this post it repeats; or of another post:
  std::string content_id;  // empty: this post
  int distance = 0;        // bits of the perceptual hashes that differ
};

// A picture of the post, or a keyframe of its video, as it is packed.
struct Picture {
  enum class Kind { image, keyframe } kind = Kind::image;
  std::string source;         // PostImage::file, or the video's: images/front.jpg, video/clip.mp4
  double at_seconds = 0;      // of a keyframe: from the start of its video
  std::string name;           // in the Naver package: images/01.jpg; of a keyframe in the unique pack: keyframes/01.jpg
  std::string selected_name;  // in the unique pack: selected_images/01.jpg, keyframes/01.jpg; empty: not in it
  std::string alt;
  bool alt_by_author = false;
  int width = 0;
  int height = 0;
  std::uint64_t bytes = 0;                // as packed
  Sha256 sha256{};                        // of the bytes as packed
  std::optional<Sha256> original_sha256;  // of the file, where it was converted
  std::uint64_t perceptual_hash = 0;
  std::string look;  // media/likeness.h
  bool position_removed = false;
  std::optional<Duplicate> duplicate;
};

}  // namespace pipeline::package
