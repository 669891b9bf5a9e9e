#include "box_scaler.h"

#include <algorithm>
#include <numeric>

namespace pipeline::media {

BoxScaler::BoxScaler(int width, int height, int size)
    : width_(static_cast<std::uint64_t>(width)),
      height_(static_cast<std::uint64_t>(height)),
      size_(static_cast<std::uint64_t>(size)),
      line_(size_),
      sums_(size_ * size_) {}

void BoxScaler::add_row(int y, std::span<const std::uint8_t> row) {
  scale_row(row);
  const std::uint64_t top = static_cast<std::uint64_t>(y) * size_;
  const std::uint64_t bottom = top + size_;
  for (std::uint64_t at = top; at < bottom;) {
    const std::uint64_t target = at / height_;
    const std::uint64_t end = std::min(bottom, (target + 1) * height_);
    for (std::uint64_t i = 0; i < size_; ++i) sums_[target * size_ + i] += line_[i] * (end - at);
    at = end;
  }
}

void BoxScaler::scale_row(std::span<const std::uint8_t> row) {
  for (std::uint64_t i = 0; i < size_; ++i) {
    const std::uint64_t left = i * width_;
    const std::uint64_t right = left + width_;
    const std::uint64_t first_whole = (left + size_ - 1) / size_;
    const std::uint64_t end_whole = right / size_;
    if (first_whole > end_whole) {  // within one pixel
      line_[i] = row[end_whole] * width_;
      continue;
    }
    const auto whole = row.subspan(first_whole, end_whole - first_whole);
    std::uint64_t sum = size_ * std::accumulate(whole.begin(), whole.end(), 0U);
    if (const std::uint64_t part = first_whole * size_ - left; part > 0) sum += part * row[first_whole - 1];
    if (const std::uint64_t part = right - end_whole * size_; part > 0) sum += part * row[end_whole];
    line_[i] = sum;
  }
}

std::vector<std::uint8_t> BoxScaler::pixels() const {
  std::vector<std::uint8_t> pixels(sums_.size());
  const std::uint64_t area = width_ * height_;
  std::ranges::transform(sums_, pixels.begin(),
                         [&](std::uint64_t sum) { return static_cast<std::uint8_t>((sum + area / 2) / area); });
  return pixels;
}

}  // namespace pipeline::media
