#pragma once

#include "pipeline/media/image.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// A reader a format. Each takes in all of the file's bytes, keeps no more of the picture than a thumbnail, and throws
// ImageError. Any thread.
namespace pipeline::media {

inline constexpr int kThumbnailSide = 128;

// The picture as it is stored: the EXIF orientation is not applied.
struct Decoded {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> thumbnail;  // RGB before white, kThumbnailSide squared whatever the picture's shape
  std::string note{};                   // what its author should know of the file, a predicate; empty: nothing
};

[[nodiscard]] Decoded read_jpeg(std::string_view bytes);
[[nodiscard]] Decoded read_png(std::string_view bytes);
[[nodiscard]] Decoded read_webp(std::string_view bytes);
[[nodiscard]] Decoded read_gif(std::string_view bytes);

// Refuses what would take minutes to decode, or what a few bytes claim to be.
void check_dimensions(std::uint64_t width, std::uint64_t height);

[[noreturn]] void throw_cut_short(std::string_view bytes);
[[noreturn]] void throw_damaged(std::string_view reason);

[[nodiscard]] inline const unsigned char* data_of(std::string_view bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[nodiscard]] inline std::uint8_t before_white(unsigned level, unsigned alpha) noexcept {
  return static_cast<std::uint8_t>(255 - (255 - level) * alpha / 255);
}

}  // namespace pipeline::media
