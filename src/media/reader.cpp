#include "reader.h"

#include "pipeline/base/text.h"

#include <fmt/core.h>

namespace pipeline::media {

void check_dimensions(std::uint64_t width, std::uint64_t height) {
  constexpr std::uint64_t kMostPixels = 200'000'000;
  if (width == 0 || height == 0) throw ImageError("is damaged: it says that it is 0 pixels wide or high");
  if (width > kMostPixels || height > kMostPixels / width)
    throw ImageError(
        fmt::format("is too large: it says that it has {} x {} pixels, and {} in all are the most; scale it down",
                    format_count(width), format_count(height), format_count(kMostPixels)));
}

void throw_cut_short(std::string_view bytes) {
  throw ImageError(fmt::format("is cut short after {} bytes", format_count(bytes.size())));
}

void throw_damaged(std::string_view reason) {
  throw ImageError(fmt::format("is damaged: {}", reason));
}

}  // namespace pipeline::media
