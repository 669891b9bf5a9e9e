#include "frame_judge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace pipeline::media {
namespace {

// In full range, 0 to 255. A black frame with the noise of a camera has a mean of 2 to 10 and spreads by as much; the
// first frames of a fade-in look black up to about 20. A product on a white ground has a mean of up to 245, but its
// edges alone make it spread by more than 12.
constexpr double kDarkMean = 20;
constexpr double kBrightMean = 238;
constexpr double kFlatSpread = 12;

constexpr std::size_t kPiece = 65'536;  // pixels whose squares add up in 32 bits, which is twice as fast

}  // namespace

Shade shade_of(const GrayPicture& picture) noexcept {
  if (picture.pixels.empty()) return Shade::dark;
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (auto rest = picture.pixels; !rest.empty();) {
    const auto piece = rest.first(std::min(rest.size(), kPiece));
    std::uint32_t piece_sum = 0;
    std::uint32_t piece_squares = 0;
    for (const std::uint32_t pixel : piece) {
      piece_sum += pixel;
      piece_squares += pixel * pixel;
    }
    sum += piece_sum;
    squares += piece_squares;
    rest = rest.subspan(piece.size());
  }
  const auto n = static_cast<double>(picture.pixels.size());
  const double mean = static_cast<double>(sum) / n;
  const double spread = std::sqrt(std::fmax(0, static_cast<double>(squares) / n - mean * mean));
  if (spread > kFlatSpread) return Shade::normal;
  if (mean <= kDarkMean) return Shade::dark;
  return mean >= kBrightMean ? Shade::bright : Shade::normal;
}

}  // namespace pipeline::media
