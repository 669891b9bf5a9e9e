#include "pipeline/media/perceptual_hash.h"

#include "box_scaler.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace pipeline::media {
namespace {

constexpr std::size_t kHashSide = 32;      // the picture is scaled to this square first
constexpr std::size_t kFrequencies = 8;    // 0 to 7 waves in half a side
constexpr std::size_t kCoefficients = 32;  // the lowest of both directions together, without the mean

// Below this a picture shows nothing but what noise and rounding leave. In gray levels, the standard deviation.
constexpr double kFlat = 1.0;

using Waves = std::array<std::array<double, kHashSide>, kFrequencies>;

const Waves& waves() {
  static const Waves kWaves = [] {
    Waves made{};
    for (std::size_t k = 0; k < kFrequencies; ++k)
      for (std::size_t x = 0; x < kHashSide; ++x)
        made[k][x] = std::cos(std::numbers::pi * static_cast<double>((2 * x + 1) * k) / (2.0 * kHashSide));
    return made;
  }();
  return kWaves;
}

std::vector<std::uint8_t> scaled(const GrayPicture& picture) {
  BoxScaler scaler(picture.width, picture.height, static_cast<int>(kHashSide));
  const auto width = static_cast<std::size_t>(picture.width);
  for (int y = 0; y < picture.height; ++y)
    scaler.add_row(y, picture.pixels.subspan(static_cast<std::size_t>(y) * width, width));
  return scaler.pixels();
}

// spectrum[v][u]: u waves across, v waves down.
std::array<std::array<double, kFrequencies>, kFrequencies> spectrum_of(const std::vector<std::uint8_t>& square) {
  std::array<std::array<double, kFrequencies>, kFrequencies> spectrum{};
  for (std::size_t y = 0; y < kHashSide; ++y)
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      double across = 0;
      for (std::size_t x = 0; x < kHashSide; ++x) across += square[y * kHashSide + x] * waves()[u][x];
      for (std::size_t v = 0; v < kFrequencies; ++v) spectrum[v][u] += across * waves()[v][y];
    }
  return spectrum;
}

// From low to high. Pictures have less of what is finer: the weight makes up for it, so that all take part. What is no
// more than rounding and an encoder's noise is zero: of a symmetric picture that is half of them, and their signs would
// be thrown by dice.
std::array<double, kCoefficients> coefficients_of(const std::vector<std::uint8_t>& square) {
  constexpr double kFall = 1.2;
  constexpr double kNoise = 64;
  const auto spectrum = spectrum_of(square);
  std::array<double, kCoefficients> coefficients{};
  std::size_t n = 0;
  for (std::size_t sum = 1; n < kCoefficients; ++sum)
    for (std::size_t u = 0; u <= sum && n < kCoefficients; ++u) {
      const double strength = spectrum[sum - u][u];
      coefficients[n++] = std::abs(strength) < kNoise ? 0 : strength * std::pow(static_cast<double>(sum), kFall);
    }
  return coefficients;
}

struct Levels {
  double mean = 0;
  double deviation = 0;
};

Levels levels_of(const std::vector<std::uint8_t>& square) {
  double sum = 0;
  double squares = 0;
  for (const std::uint8_t level : square) {
    sum += level;
    squares += static_cast<double>(level) * level;
  }
  const auto n = static_cast<double>(square.size());
  const double mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean))};
}

// A flat picture has no coefficients but noise, which would make equal ones differ. Its brightness, as that many ones,
// says all there is: white and black are 64 bits apart, and both at least 16 from any picture that shows something.
std::uint64_t brightness_bits(double mean) {
  const auto ones = static_cast<unsigned>(std::lround(mean / 255 * 64));
  return ones == 0 ? 0 : ~std::uint64_t{0} >> (64U - ones);
}

}  // namespace

std::uint64_t perceptual_hash(const GrayPicture& picture) {
  const std::vector<std::uint8_t> square = scaled(picture);
  const Levels levels = levels_of(square);
  if (levels.deviation < kFlat) return brightness_bits(levels.mean);

  const auto coefficients = coefficients_of(square);
  std::array<double, kCoefficients> strengths{};
  std::ranges::transform(coefficients, strengths.begin(), [](double c) { return std::abs(c); });
  auto sorted = strengths;
  std::ranges::nth_element(sorted, sorted.begin() + kCoefficients / 2);
  const double median = sorted[kCoefficients / 2];

  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    if (coefficients[i] > 0) hash |= std::uint64_t{1} << i;
    if (strengths[i] > median) hash |= std::uint64_t{1} << (i + kCoefficients);
  }
  return hash;
}

int distance(std::uint64_t a, std::uint64_t b) noexcept {
  return std::popcount(a ^ b);
}

bool nearly_equal(std::uint64_t a, std::uint64_t b) noexcept {
  return distance(a, b) <= kNearlyEqual;
}

}  // namespace pipeline::media
