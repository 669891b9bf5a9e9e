#include "picture_canvas.h"

#include "emulator/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace pipeline::test {
namespace {

using emulator::Random;

constexpr int kLongSide = 480;
constexpr std::size_t kGrainSize = 1U << 16U;

struct Colour {
  double r = 0;
  double g = 0;
  double b = 0;
};

Colour mix(const Colour& a, const Colour& b, double share) {
  return {a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

Colour scaled(const Colour& c, double by) {
  return {c.r * by, c.g * by, c.b * by};
}

double between(Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

Colour any_colour(Random& random) {
  return {between(random, 15, 245), between(random, 15, 245), between(random, 15, 245)};
}

// 0 inside, 1 outside, and a soft edge between.
double step(double edge, double softness, double x) {
  return std::clamp((x - edge) / softness + 0.5, 0.0, 1.0);
}

// One part of the object, or a thing of the background: a rounded form with a pattern on it.
struct Form {
  double x, y, width, height, cos, sin;
  double roundness;  // exponent of the superellipse: 2 is an ellipse, much more a box
  double softness;
  Colour colour;
  Colour pattern_colour;
  int pattern;  // 0 plain, 1 stripes, 2 dots, 3 a label
  double frequency;

  static Form any(Random& random, double spread, double smallest, double largest) {
    const double angle = between(random, 0, std::numbers::pi);
    return {.x = between(random, -spread, spread),
            .y = between(random, -spread, spread),
            .width = between(random, smallest, largest),
            .height = between(random, smallest, largest),
            .cos = std::cos(angle),
            .sin = std::sin(angle),
            .roundness = random.below(2) == 0 ? 2.0 : 6.0,
            .softness = between(random, 0.01, 0.06),
            .colour = any_colour(random),
            .pattern_colour = any_colour(random),
            .pattern = static_cast<int>(random.below(4)),
            .frequency = between(random, 3, 9)};
  }

  void paint(double px, double py, double light, Colour& under) const {
    const double dx = px - x;
    const double dy = py - y;
    const double u = (dx * cos + dy * sin) / width;
    const double v = (dy * cos - dx * sin) / height;
    if (std::abs(u) > 1.1 || std::abs(v) > 1.1) return;
    const double radius = roundness == 2.0 ? u * u + v * v : std::pow(u, 6) + std::pow(v, 6);
    const double cover = 1 - step(1, softness * roundness, radius);
    if (cover <= 0) return;
    const Colour shaded = scaled(mix(colour, pattern_colour, pattern_at(u, v)), light * (1.05 - 0.35 * radius));
    under = mix(under, shaded, cover);
  }

 private:
  [[nodiscard]] double pattern_at(double u, double v) const {
    switch (pattern) {
      case 1:
        return step(0, 0.5, std::sin(frequency * u * std::numbers::pi));
      case 2:
        return step(0.2, 0.4, std::sin(frequency * u * 2) * std::sin(frequency * v * 2));
      case 3:
        return std::abs(u) < 0.6 && std::abs(v) < 0.35 ? 1 : 0;
      default:
        return 0;
    }
  }
};

class Painter {
 public:
  explicit Painter(const Scene& scene) {
    Random object(scene.seed, 1);
    const std::size_t parts = 3 + object.below(4);
    object_.push_back(Form::any(object, 0.05, 0.45, 0.8));
    while (object_.size() < parts) object_.push_back(Form::any(object, 0.55, 0.12, 0.45));

    Random place(scene.seed, 1000 + scene.view);
    x_ = between(place, -0.22, 0.22);
    y_ = between(place, -0.15, 0.15);
    scale_ = between(place, 0.28, 0.5);
    const double angle = between(place, -0.9, 0.9);
    cos_ = std::cos(angle) / scale_;
    sin_ = std::sin(angle) / scale_;
    squeeze_ = between(place, 0.75, 1.3);
    light_x_ = between(place, -0.5, 0.5);
    light_y_ = between(place, -0.5, 0.5);
    light_ = between(place, 0.75, 1.1);

    Random behind = scene.backdrop == 0 ? Random(scene.seed, 3000 + scene.view) : Random(scene.backdrop, 4000);
    top_ = any_colour(behind);
    bottom_ = any_colour(behind);
    horizon_ = between(behind, -0.4, 0.4);
    horizon_softness_ = between(behind, 0.01, 0.8);
    wave_angle_ = between(behind, 0, 3);
    wave_frequency_ = between(behind, 6, 40);
    for (std::size_t i = 3 + behind.below(5); i > 0; --i) clutter_.push_back(Form::any(behind, 0.7, 0.06, 0.3));
    if (scene.studio) {
      top_ = bottom_ = {250, 250, 250};
      clutter_.clear();
      light_x_ = light_y_ = 0;
      light_ = 1;
    }
  }

  // x and y from the middle, in units of the picture's shorter side.
  [[nodiscard]] Colour at(double x, double y) const {
    Colour colour = mix(top_, bottom_, step(horizon_, horizon_softness_, y));
    const double wave = std::sin((x * std::cos(wave_angle_) + y * std::sin(wave_angle_)) * wave_frequency_);
    colour = scaled(colour, 1 + 0.06 * wave);
    for (const Form& form : clutter_) form.paint(x, y, 1, colour);

    const double u = ((x - x_) * cos_ + (y - y_) * sin_) * squeeze_;
    const double v = (y - y_) * cos_ - (x - x_) * sin_;
    const double shadow = std::exp(-3 * ((u - 0.2) * (u - 0.2) + (v - 0.5) * (v - 0.5)));
    colour = scaled(colour, 1 - 0.45 * shadow);
    const double light = 1 + light_x_ * x + light_y_ * y;
    for (const Form& form : object_) form.paint(u, v, light, colour);
    return scaled(colour, light_ * light);
  }

 private:
  std::vector<Form> object_;
  std::vector<Form> clutter_;
  double x_, y_, scale_, cos_, sin_, squeeze_;
  double light_x_, light_y_, light_;
  Colour top_, bottom_;
  double horizon_, horizon_softness_, wave_angle_, wave_frequency_;
};

std::uint8_t level(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
}

Pixels paint(const Scene& scene, int width, int height) {
  const double shrink = std::min(1.0, static_cast<double>(kLongSide) / std::max(width, height));
  Pixels out{std::max(1, static_cast<int>(width * shrink)), std::max(1, static_cast<int>(height * shrink)), {}};
  const double unit = 1.0 / std::min(out.width, out.height);
  const Painter painter(scene);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      const Colour c = painter.at((x + 0.5 - out.width / 2.0) * unit, (y + 0.5 - out.height / 2.0) * unit);
      out.rgb.insert(out.rgb.end(), {level(c.r), level(c.g), level(c.b)});
    }
  return out;
}

// Sums of four uniform numbers: near enough to a bell.
std::vector<std::int8_t> make_grain(const Scene& scene) {
  Random random(scene.seed, 2000 + scene.view);
  std::vector<std::int8_t> grain(kGrainSize);
  for (std::int8_t& value : grain) {
    const std::uint64_t bits = random.next();
    double sum = -2;
    for (unsigned i = 0; i < 4; ++i) sum += static_cast<double>((bits >> (16 * i)) & 0xFFFFU) / 65535.0;
    value = static_cast<std::int8_t>(std::lround(sum * std::numbers::sqrt3 * scene.grain));
  }
  return grain;
}

// Where pixel `i` of `size` lies between the pixels of a line of `base`: the left one, and the share of 256 of the
// next.
std::pair<int, int> place(int i, int size, int base) {
  const double at = std::clamp((i + 0.5) * base / size - 0.5, 0.0, base - 1.0);
  const int left = std::min(static_cast<int>(at), std::max(0, base - 2));
  return {left, static_cast<int>(std::lround((at - left) * 256))};
}

}  // namespace

Canvas::Canvas(const Scene& scene, int width, int height, int orientation)
    : base_(stored_for_orientation(paint(scene, width, height), orientation)),
      width_(orientation >= 5 ? height : width),
      height_(orientation >= 5 ? width : height),
      seed_(scene.seed),
      grain_(make_grain(scene)) {
  for (int x = 0; x < width_; ++x) {
    const auto [left, weight] = place(x, width_, base_.width);
    columns_.push_back({static_cast<std::size_t>(left) * 3, weight});
  }
  line_.resize(static_cast<std::size_t>(base_.width + 1) * 3);  // one more: a base of one column has no right neighbour
}

void Canvas::draw_row(int y, std::span<std::uint8_t> rgb) {
  const auto [upper, weight] = place(y, height_, base_.height);
  const std::size_t stride = static_cast<std::size_t>(base_.width) * 3;
  const std::uint8_t* above = &base_.rgb[static_cast<std::size_t>(upper) * stride];
  const std::uint8_t* below = base_.height > 1 ? above + stride : above;
  for (std::size_t i = 0; i < stride; ++i) line_[i] = above[i] * (256 - weight) + below[i] * weight;

  std::size_t grain = Random(seed_, static_cast<std::uint64_t>(y)).below(kGrainSize);
  std::uint8_t* out = rgb.data();
  for (const Column& column : columns_) {
    const int noise = grain_[grain++ % kGrainSize];
    const int* left = &line_[column.at];
    for (std::size_t c = 0; c < 3; ++c) {
      const int smooth = (left[c] * (256 - column.weight) + left[c + 3] * column.weight) >> 16;
      *out++ = static_cast<std::uint8_t>(std::clamp(smooth + noise, 0, 255));
    }
  }
}

}  // namespace pipeline::test
