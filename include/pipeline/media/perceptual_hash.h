#pragma once

#include <cstdint>
#include <span>

namespace pipeline::media {

// Luma of a picture as it is shown, row by row, without padding.
struct GrayPicture {
  int width = 0;
  int height = 0;
  std::span<const std::uint8_t> pixels;
};

// 64 bits that stay nearly the same when a picture is encoded anew, resized, brightened or cropped a little: sign and
// strength of the 32 lowest frequencies of its cosine transform.
[[nodiscard]] std::uint64_t perceptual_hash(const GrayPicture& picture);

// Bits that differ, 0 to 64.
[[nodiscard]] int distance(std::uint64_t a, std::uint64_t b) noexcept;
// The most that near-equal pictures differ by, where the hash is all that is known of them; likeness.h knows more.
inline constexpr int kNearlyEqual = 8;
// Whether two pictures show the same to a reader.
[[nodiscard]] bool nearly_equal(std::uint64_t a, std::uint64_t b) noexcept;

}  // namespace pipeline::media
