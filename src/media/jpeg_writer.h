#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pipeline::media {

// Pixels of three bytes each, row by row.
struct PixelRows {
  int width = 0;
  int height = 0;
  std::size_t stride = 0;  // bytes from one row to the next
  std::span<const std::uint8_t> bytes;
  enum class Colours { rgb, ycbcr } colours = Colours::rgb;
};

// A baseline JPEG, colours at half the resolution; the same bytes for the same pixels. Any thread. Throws bad_alloc.
[[nodiscard]] std::string write_jpeg(const PixelRows& picture, int quality);

}  // namespace pipeline::media
