#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pipeline::media {

// Scales a picture to size x size pixels while its rows come in, whatever its shape: each pixel of the result is the
// exact mean of the area it covers. A pixel has one to four channels, one behind the other. Rows may come in several
// passes, as those of an interlaced picture do.
class BoxScaler {
 public:
  BoxScaler(int width, int height, int size, int channels = 1);

  void add_row(int y, std::span<const std::uint8_t> row);
  // The row that was added last, at another place: costs nothing of its width.
  void repeat_row(int y);
  // After all rows.
  [[nodiscard]] std::vector<std::uint8_t> pixels() const;

 private:
  // A pixel of the result spans `width_` by `height_` units, one of the picture `size_` by `size_`: all weights are
  // whole.
  template <std::size_t Channels>
  void scale_row(std::span<const std::uint8_t> row);

  std::uint64_t width_;
  std::uint64_t height_;
  std::uint64_t size_;
  std::size_t channels_;
  std::vector<std::uint64_t> line_;  // the row just added, `size_` pixels
  std::vector<std::uint64_t> sums_;
};

}  // namespace pipeline::media
