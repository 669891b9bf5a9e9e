#include "overlay.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

namespace pipeline::media {
namespace {

constexpr std::size_t kCoarsest = 16;
constexpr int kSteps = 6;  // a level

// What a copy may have: 3 % off all sides and more, 15 levels brighter, 10 % more contrast.
constexpr double kMostScale = 0.1;
constexpr double kMostShift = 0.1;
constexpr double kMostGain = 0.16;
constexpr double kMostOffset = 45;

// ---- resampling

// Where a line of pixels takes its levels from: four neighbours of a place, by Catmull and Rom's spline.
struct Taps {
  std::array<std::size_t, 4> at{};
  std::array<float, 4> share{};
  bool valid = false;
};

std::vector<Taps> taps_of(double scale, double shift, std::size_t side) {
  std::vector<Taps> taps(side);
  const auto n = static_cast<double>(side);
  for (std::size_t i = 0; i < side; ++i) {
    const double place = scale * ((static_cast<double>(i) + 0.5) * 2 / n - 1) + shift;
    const double pixel = (place + 1) * n / 2 - 0.5;
    taps[i].valid = pixel >= -0.6 && pixel <= n - 0.4;
    const double within = std::clamp(pixel, 0.0, n - 1);
    const double left = std::floor(within);
    const auto f = static_cast<float>(within - left);
    taps[i].share = {((-0.5F * f + 1) * f - 0.5F) * f, (1.5F * f - 2.5F) * f * f + 1, ((-1.5F * f + 2) * f + 0.5F) * f,
                     (0.5F * f - 0.5F) * f * f};
    for (std::size_t k = 0; k < 4; ++k)
      taps[i].at[k] = static_cast<std::size_t>(std::clamp(left - 1 + static_cast<double>(k), 0.0, n - 1));
  }
  return taps;
}

Plane resampled(const Plane& plane, const std::vector<Taps>& across, const std::vector<Taps>& down) {
  const std::size_t side = plane.side;
  std::vector<float> lines(side * side);
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) {
      const auto& [at, share, valid] = across[x];
      const float* const row = plane.levels.data() + y * side;
      lines[y * side + x] =
          row[at[0]] * share[0] + row[at[1]] * share[1] + row[at[2]] * share[2] + row[at[3]] * share[3];
    }
  Plane result{side, std::vector<float>(side * side)};
  for (std::size_t y = 0; y < side; ++y) {
    const auto& [at, share, valid] = down[y];
    for (std::size_t x = 0; x < side; ++x) {
      float level = 0;
      for (std::size_t k = 0; k < 4; ++k) level += lines[at[k] * side + x] * share[k];
      result.levels[y * side + x] = level;
    }
  }
  return result;
}

// ---- alignment

constexpr std::size_t kUnknowns = 6;
constexpr double kGainUnit = 64;  // so that all unknowns are of one size
using Row = std::array<double, kUnknowns>;
using Matrix = std::array<Row, kUnknowns>;

// By Gauss; the matrix is positive definite.
Row solved(Matrix m, Row v) {
  for (std::size_t i = 0; i < kUnknowns; ++i)
    for (std::size_t row = i + 1; row < kUnknowns; ++row) {
      const double by = m[row][i] / m[i][i];
      for (std::size_t col = i; col < kUnknowns; ++col) m[row][col] -= by * m[i][col];
      v[row] -= by * v[i];
    }
  for (std::size_t i = kUnknowns; i-- > 0;) {
    for (std::size_t col = i + 1; col < kUnknowns; ++col) v[i] -= m[i][col] * v[col];
    v[i] /= m[i][i];
  }
  return v;
}

bool is_clipped(float level) {
  return level > 252 || level < 3;
}

// One step of Gauss and Newton. What differs much counts little, and what is black or white a third: brightening ends
// there.
void improve(Overlay& overlay, const Plane& here, const Plane& there) {
  const std::size_t side = here.side;
  const auto n = static_cast<double>(side);
  const Seen seen = seen_through(overlay, there);
  Matrix m{};
  Row v{};
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) {
      const std::size_t i = y * side + x;
      if (seen.valid[i] == 0) continue;
      const double a = here.levels[i];
      const double w = seen.plane.levels[i];
      const double rest = w - (overlay.gain * a + overlay.offset);
      const double odd = rest / 12;
      double weight = 1 / (1 + odd * odd);
      if (is_clipped(here.levels[i]) || is_clipped(seen.plane.levels[i])) weight *= 0.3;
      const auto slope = [&](std::size_t before, std::size_t behind, double scale) {
        return (seen.plane.levels[behind] - seen.plane.levels[before]) * n / (4 * scale);
      };
      const double right = slope(x > 0 ? i - 1 : i, x + 1 < side ? i + 1 : i, overlay.x_scale);
      const double down = slope(y > 0 ? i - side : i, y + 1 < side ? i + side : i, overlay.y_scale);
      const double cx = (static_cast<double>(x) + 0.5) * 2 / n - 1;
      const double cy = (static_cast<double>(y) + 0.5) * 2 / n - 1;
      const Row slopes{right * cx, right, down * cy, down, -a / kGainUnit, -1};
      for (std::size_t r = 0; r < kUnknowns; ++r) {
        for (std::size_t c = 0; c < kUnknowns; ++c) m[r][c] += weight * slopes[r] * slopes[c];
        v[r] -= weight * slopes[r] * rest;
      }
    }
  // A picture that does not say how it lies has not been moved.
  const Row stiffness{n * n, n * n, n * n, n * n, 2 * n * n, 0.002 * n * n};
  const Row moved{
      overlay.x_scale - 1, overlay.x_shift, overlay.y_scale - 1, overlay.y_shift, (overlay.gain - 1) * kGainUnit,
      overlay.offset};
  for (std::size_t i = 0; i < kUnknowns; ++i) {
    m[i][i] += stiffness[i];
    v[i] -= stiffness[i] * moved[i];
  }
  const Row step = solved(m, v);
  const auto add = [](double& value, double by, double middle, double most) {
    value = std::clamp(value + by, middle - most, middle + most);
  };
  add(overlay.x_scale, step[0], 1, kMostScale);
  add(overlay.x_shift, step[1], 0, kMostShift);
  add(overlay.y_scale, step[2], 1, kMostScale);
  add(overlay.y_shift, step[3], 0, kMostShift);
  add(overlay.gain, step[4] / kGainUnit, 1, kMostGain);
  add(overlay.offset, step[5], 0, kMostOffset);
}

// ---- what is left

// Sums over any rectangle of a plane in four steps.
class Sums {
 public:
  Sums(const std::vector<double>& values, std::size_t side) : width_(side + 1), sums_(width_ * width_) {
    for (std::size_t y = 0; y < side; ++y) {
      double row = 0;
      for (std::size_t x = 0; x < side; ++x) {
        row += values[y * side + x];
        sums_[(y + 1) * width_ + x + 1] = sums_[y * width_ + x + 1] + row;
      }
    }
  }
  [[nodiscard]] double of(std::size_t x, std::size_t y, std::size_t size) const {
    const auto at = [&](std::size_t column, std::size_t row) { return sums_[row * width_ + column]; };
    return at(x + size, y + size) - at(x, y + size) - at(x + size, y) + at(x, y);
  }

 private:
  std::size_t width_;
  std::vector<double> sums_;
};

// Noise and an encoder's traces, in levels squared: where a picture shows no more, there is nothing to be missed.
constexpr double kNoise = 30;
constexpr std::size_t kPart = 16;
constexpr std::size_t kPartStep = 8;

// A square of the picture without what is the same along its rows or its columns: the lines of a table stand in every
// table of its layout.
struct Part {
  std::array<double, kPart * kPart> levels{};
  double mean = 0;

  Part(const Plane& plane, std::size_t left, std::size_t top) {
    std::array<double, kPart> rows{};
    std::array<double, kPart> columns{};
    for (std::size_t y = 0; y < kPart; ++y)
      for (std::size_t x = 0; x < kPart; ++x) {
        const double level = plane.at(left + x, top + y);
        levels[y * kPart + x] = level;
        rows[y] += level / kPart;
        columns[x] += level / kPart;
      }
    for (const double row : rows) mean += row / kPart;
    for (std::size_t y = 0; y < kPart; ++y)
      for (std::size_t x = 0; x < kPart; ++x) levels[y * kPart + x] -= rows[y] + columns[x] - mean;
  }
  // Mean product.
  [[nodiscard]] double times(const Part& other) const {
    return std::inner_product(levels.begin(), levels.end(), other.levels.begin(), 0.0) / (kPart * kPart);
  }
};

bool is_whole(const Seen& seen, std::size_t left, std::size_t top) {
  const auto valid = [&](std::size_t x, std::size_t y) { return seen.valid[y * seen.plane.side + x] != 0; };
  return valid(left, top) && valid(left + kPart - 1, top + kPart - 1);
}

// Each part may be a little paler or darker than the whole: brightening is cut off at white.
void compare_luma(const Plane& here, const Seen& there, const Overlay& overlay, Difference& difference) {
  for (std::size_t top = 0; top + kPart <= here.side; top += kPartStep)
    for (std::size_t left = 0; left + kPart <= here.side; left += kPartStep) {
      if (!is_whole(there, left, top)) continue;
      const Part a(here, left, top);
      const Part w(there.plane, left, top);
      const double shown_here = a.times(a);
      const double shown_there = w.times(w);
      const double common = a.times(w);
      const double gain = std::clamp(common / std::max(1.0, shown_here), 0.8 * overlay.gain, 1.2 * overlay.gain);
      const double rest = std::max(0.0, shown_there - 2 * gain * common + gain * gain * shown_here);
      difference.detail = std::max(difference.detail, rest / (std::max(shown_here, shown_there) + kNoise));
      const double expected = std::clamp(overlay.gain * a.mean + overlay.offset, 0.0, 255.0);
      difference.level = std::max(difference.level, std::abs(w.mean - expected));
    }
}

// The span of levels around each pixel.
std::vector<float> spans_of(const Plane& plane) {
  std::vector<float> spans(plane.levels.size());
  for (std::size_t y = 1; y + 1 < plane.side; ++y)
    for (std::size_t x = 1; x + 1 < plane.side; ++x) {
      float low = 255;
      float high = 0;
      for (std::size_t row = y - 1; row <= y + 1; ++row)
        for (std::size_t column = x - 1; column <= x + 1; ++column) {
          low = std::min(low, plane.at(column, row));
          high = std::max(high, plane.at(column, row));
        }
      spans[y * plane.side + x] = high - low;
    }
  return spans;
}

// As many may be off in a copy whatever their place: a palette has no better colour for them.
constexpr std::ptrdiff_t kFewPixels = 10;

constexpr double kMostTone = 0.03;  // of luma: a white balance moved slightly

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// More contrast is more colour. The mean of 3 x 3 pixels, less what an edge may leave that does not quite lie on
// itself.
std::vector<double> colour_rest(const Plane& here, const Seen& there, const Plane& luma, double gain) {
  const auto expected = [&](std::size_t i) { return 128 + gain * (static_cast<double>(here.levels[i]) - 128); };
  std::vector<double> tones;
  for (std::size_t i = 0; i < here.levels.size(); ++i)
    if (there.valid[i] != 0) tones.push_back((there.plane.levels[i] - expected(i)) / std::max(32.0F, luma.levels[i]));
  const double tone = tones.empty() ? 0 : std::clamp(median(std::move(tones)), -kMostTone, kMostTone);
  std::vector<double> rest(here.levels.size());
  for (std::size_t i = 0; i < rest.size(); ++i)
    if (there.valid[i] != 0) rest[i] = there.plane.levels[i] - expected(i) - tone * luma.levels[i];
  const Sums sums(rest, here.side);
  const auto spans_here = spans_of(here);
  const auto spans_there = spans_of(there.plane);
  std::vector<double> result(rest.size());
  for (std::size_t y = 1; y + 1 < here.side; ++y)
    for (std::size_t x = 1; x + 1 < here.side; ++x) {
      const std::size_t i = y * here.side + x;
      const double edge = 0.25 * static_cast<double>(std::max(spans_here[i], spans_there[i]));
      result[i] = std::max(0.0, std::abs(sums.of(x - 1, y - 1, 3)) / 9 - edge);
    }
  return result;
}

struct LevelSpread {
  double mean = 0;
  double deviation = 0;
};

LevelSpread levels_of(const Plane& plane) {
  double sum = 0;
  double squares = 0;
  for (const double level : plane.levels) {
    sum += level;
    squares += level * level;
  }
  const auto n = static_cast<double>(plane.levels.size());
  return {sum / n, std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)))};
}

// Of pictures that show nothing but one colour: shades of a paint, of which each is its own. Nothing in them tells a
// shade from a change of brightness.
Difference difference_of_flat(const Looked& here, const Looked& there) {
  const auto apart = [](const Plane& a, const Plane& b) { return std::abs(levels_of(a).mean - levels_of(b).mean); };
  constexpr double kShade = 3;  // of what a structured picture may differ by
  return {.detail = 0,
          .level = kShade * apart(here.luma, there.luma),
          .colour = kShade * std::hypot(apart(here.blue, there.blue), apart(here.red, there.red))};
}

bool is_flat(const Looked& looked) {
  constexpr double kFlat = 3;
  return levels_of(looked.luma).deviation < kFlat && levels_of(looked.blue).deviation < kFlat &&
         levels_of(looked.red).deviation < kFlat;
}

}  // namespace

Seen seen_through(const Overlay& overlay, const Plane& there) {
  const auto across = taps_of(overlay.x_scale, overlay.x_shift, there.side);
  const auto down = taps_of(overlay.y_scale, overlay.y_shift, there.side);
  Seen seen{resampled(there, across, down), std::vector<float>(there.side * there.side)};
  for (std::size_t y = 0; y < there.side; ++y)
    for (std::size_t x = 0; x < there.side; ++x)
      seen.valid[y * there.side + x] = across[x].valid && down[y].valid ? 1 : 0;
  return seen;
}

Overlay overlay_of(const Plane& here, const Plane& there) {
  std::vector<std::pair<Plane, Plane>> levels{{here, there}};
  while (levels.back().first.side > kCoarsest)
    levels.emplace_back(halved(levels.back().first), halved(levels.back().second));
  Overlay overlay;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level)
    for (int step = 0; step < kSteps; ++step) improve(overlay, level->first, level->second);
  return overlay;
}

bool is_print(const Looked& looked) {
  constexpr float kPaper = 245;
  constexpr double kLeastPaper = 0.4;
  constexpr double kMostColour = 2;
  const auto paper = std::ranges::count_if(looked.luma.levels, [](float level) { return level >= kPaper; });
  return static_cast<double>(paper) >= kLeastPaper * static_cast<double>(looked.luma.levels.size()) &&
         levels_of(looked.blue).deviation < kMostColour && levels_of(looked.red).deviation < kMostColour;
}

Difference difference_of(const Looked& here, const Looked& there) {
  if (is_flat(here) && is_flat(there)) return difference_of_flat(here, there);
  Difference difference;
  const Overlay overlay = overlay_of(here.luma, there.luma);
  compare_luma(here.luma, seen_through(overlay, there.luma), overlay, difference);
  const Plane luma = halved(here.luma);
  const auto blue = colour_rest(here.blue, seen_through(overlay, there.blue), luma, overlay.gain);
  const auto red = colour_rest(here.red, seen_through(overlay, there.red), luma, overlay.gain);
  std::vector<double> colour(blue.size());
  std::ranges::transform(blue, red, colour.begin(), [](double b, double r) { return std::hypot(b, r); });
  std::ranges::nth_element(colour, colour.begin() + kFewPixels, std::greater());
  difference.colour = colour[kFewPixels];
  return difference;
}

}  // namespace pipeline::media
