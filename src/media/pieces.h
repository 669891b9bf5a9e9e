#pragma once

#include "metadata.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

// A block that a file holds in pieces: segments of a JPEG, sub-blocks of a GIF.
class Pieces {
 public:
  explicit Pieces(std::string_view file) : file_(file) {}

  // Where the file numbers them, by `number`.
  void add(std::size_t at, std::size_t size, unsigned number = 0) { pieces_.push_back({number, at, size}); }
  [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }
  [[nodiscard]] std::string joined() {
    std::ranges::stable_sort(pieces_, {}, &Piece::number);
    std::string all;
    for (const auto& [number, at, size] : pieces_) all += file_.substr(at, size);
    return all;
  }
  // What was joined becomes `after`, which is as long.
  void change(std::string_view after, MetadataCollector& collector) const {
    for (const auto& [number, at, size] : pieces_) {
      collector.change(at, after.substr(0, size));
      after.remove_prefix(size);
    }
  }

 private:
  struct Piece {
    unsigned number = 0;
    std::size_t at = 0;
    std::size_t size = 0;
  };
  std::string_view file_;
  std::vector<Piece> pieces_;
};

}  // namespace pipeline::media
