#include "box_scaler.h"

#include <algorithm>
#include <array>

namespace pipeline::media {

BoxScaler::BoxScaler(int width, int height, int size, int channels)
    : width_(static_cast<std::uint64_t>(width)),
      height_(static_cast<std::uint64_t>(height)),
      size_(static_cast<std::uint64_t>(size)),
      channels_(static_cast<std::size_t>(channels)),
      line_(size_ * channels_),
      sums_(size_ * size_ * channels_) {}

void BoxScaler::add_row(int y, std::span<const std::uint8_t> row) {
  switch (channels_) {
    case 1:
      scale_row<1>(row);
      break;
    case 3:
      scale_row<3>(row);
      break;
    default:
      scale_row<4>(row);
  }
  repeat_row(y);
}

void BoxScaler::repeat_row(int y) {
  const std::uint64_t top = static_cast<std::uint64_t>(y) * size_;
  const std::uint64_t bottom = top + size_;
  for (std::uint64_t at = top; at < bottom;) {
    const std::uint64_t target = at / height_;
    const std::uint64_t end = std::min(bottom, (target + 1) * height_);
    std::uint64_t* const sums = sums_.data() + target * line_.size();
    for (std::size_t i = 0; i < line_.size(); ++i) sums[i] += line_[i] * (end - at);
    at = end;
  }
}

template <std::size_t Channels>
void BoxScaler::scale_row(std::span<const std::uint8_t> row) {
  for (std::uint64_t i = 0; i < size_; ++i) {
    const std::uint64_t left = i * width_;
    const std::uint64_t right = left + width_;
    const std::uint64_t first_whole = (left + size_ - 1) / size_;
    const std::uint64_t end_whole = right / size_;
    std::uint64_t* const line = line_.data() + i * Channels;
    if (first_whole > end_whole) {  // within one pixel
      for (std::size_t c = 0; c < Channels; ++c) line[c] = row[end_whole * Channels + c] * width_;
      continue;
    }
    std::array<std::uint32_t, Channels> sum{};
    for (std::uint64_t x = first_whole; x < end_whole; ++x)
      for (std::size_t c = 0; c < Channels; ++c) sum[c] += row[x * Channels + c];
    const std::uint64_t before = first_whole * size_ - left;
    const std::uint64_t behind = right - end_whole * size_;
    for (std::size_t c = 0; c < Channels; ++c) {
      line[c] = size_ * sum[c];
      if (before > 0) line[c] += before * row[(first_whole - 1) * Channels + c];
      if (behind > 0) line[c] += behind * row[end_whole * Channels + c];
    }
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
