#pragma once

#include "pipeline/media/likeness.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

inline constexpr int kLookSide = 128;

// A square of levels.
struct Plane {
  std::size_t side = 0;
  std::vector<float> levels;  // row by row

  [[nodiscard]] float at(std::size_t x, std::size_t y) const { return levels[y * side + x]; }
};

[[nodiscard]] Plane halved(const Plane& plane);  // each level the mean of four

// A picture as a look shows it: luma, and colour differences at half the resolution.
struct Looked {
  Plane luma;
  Plane blue;
  Plane red;
};

// Of a picture scaled to kLookSide squared: RGB, three bytes a pixel; or its three planes.
[[nodiscard]] Appearance appearance_of(std::span<const std::uint8_t> rgb);
struct YcbcrSquares {
  std::span<const std::uint8_t> luma;
  std::span<const std::uint8_t> blue;
  std::span<const std::uint8_t> red;
};
[[nodiscard]] Appearance appearance_of(const YcbcrSquares& planes);

// Absent: it is no look.
[[nodiscard]] std::optional<Looked> read_look(std::string_view look);

}  // namespace pipeline::media
