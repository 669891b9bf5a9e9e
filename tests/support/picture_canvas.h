#pragma once

#include "support/pictures.h"

#include <cstdint>
#include <span>
#include <vector>

namespace pipeline::test {

// A scene at a few hundred pixels, from which rows of any size are made: smooth between its points, with grain on top.
class Canvas {
 public:
  // `orientation` as in stored_for_orientation(); width and height are those of the picture as shown.
  Canvas(const Scene& scene, int width, int height, int orientation = 1);

  // Of the rows, as stored.
  [[nodiscard]] int width() const noexcept { return width_; }
  [[nodiscard]] int height() const noexcept { return height_; }
  void draw_row(int y, std::span<std::uint8_t> rgb);

 private:
  struct Column {
    std::size_t at;  // of the left neighbour in line_
    int weight;      // of the right one, of 256
  };

  Pixels base_;
  int width_ = 0;
  int height_ = 0;
  std::uint64_t seed_;
  std::vector<Column> columns_;
  std::vector<std::int8_t> grain_;
  std::vector<int> line_;  // base_ at the height of the row
};

}  // namespace pipeline::test
