#include "pipeline/media/image.h"
#include "pipeline/media/likeness.h"

#include "support/pictures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <vector>

// How often nearly_equal() is right, on a made set. The bounds leave some room to what was measured when they were set.
namespace pipeline::media {
namespace {

using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::Encoding;
using pipeline::test::Pixels;
using pipeline::test::Scene;

constexpr std::uint64_t kPictures = 300;

// Twenty copies of each take two minutes, so the suite makes those of a third; with PIPELINE_ALL_PICTURES those of all.
std::uint64_t pictures_copied() {
  return std::getenv("PIPELINE_ALL_PICTURES") != nullptr ? kPictures : kPictures / 3;
}

// A third is before white, as shops have them; half stand upright.
Scene scene(std::uint64_t i) {
  return {.seed = 5000 + i, .studio = i % 3 == 0};
}
Pixels picture(std::uint64_t i) {
  return i % 2 == 0 ? draw(scene(i), 480, 360) : draw(scene(i), 360, 480);
}

Appearance appearance_of(const Pixels& pixels, const Encoding& encoding = {}) {
  const Image image = examine_image(encode(pixels, encoding));
  return {image.perceptual_hash, image.look};
}

class Rate {
 public:
  void count(const Appearance& a, const Appearance& b) {
    ++pairs_;
    if (nearly_equal(a, b)) ++near_;
  }
  [[nodiscard]] double percent() const { return 100.0 * near_ / pairs_; }
  void print(const char* name) const {
    std::cout << "    " << name << ": " << near_ << " of " << pairs_ << " near-equal, " << percent() << " %\n";
  }

 private:
  int pairs_ = 0;
  int near_ = 0;
};

using Change = std::function<Appearance(const Pixels&)>;

Change encoded(const Encoding& encoding) {
  return [=](const Pixels& p) { return appearance_of(p, encoding); };
}
Change resized(double scale) {
  return [=](const Pixels& p) {
    return appearance_of(test::resize(p, static_cast<int>(p.width * scale), static_cast<int>(p.height * scale)));
  };
}
Change cropped(double left, double top, double right, double bottom) {
  return [=](const Pixels& p) { return appearance_of(test::crop(p, left, top, right, bottom)); };
}
Change toned(double red, double blue) {
  return [=](const Pixels& p) {
    Pixels toned = p;
    for (std::size_t i = 0; i < toned.rgb.size(); i += 3) {
      toned.rgb[i] = static_cast<std::uint8_t>(std::min(255.0, toned.rgb[i] * red));
      toned.rgb[i + 2] = static_cast<std::uint8_t>(std::min(255.0, toned.rgb[i + 2] * blue));
    }
    return appearance_of(toned);
  };
}
Change adjusted(double brightness, double contrast) {
  return [=](const Pixels& p) { return appearance_of(test::adjust(p, brightness, contrast)); };
}

struct Copy {
  const char* name;
  Change appearance;
  double at_least;  // percent that must be near-equal to the original
};

TEST(LikenessRates, CopiesOfAPicture) {
  const std::vector<Copy> copies{
      {"JPEG of quality 30", encoded({.quality = 30}), 100},
      {"JPEG of quality 60", encoded({.quality = 60}), 100},
      {"JPEG of quality 95", encoded({.quality = 95}), 100},
      {"PNG", encoded({.type = ImageType::png}), 100},
      {"WebP", encoded({.type = ImageType::webp}), 100},
      {"GIF", encoded({.type = ImageType::gif}), 100},
      {"25 % of the size", resized(0.25), 99},
      {"60 % of the size", resized(0.6), 100},
      {"200 % of the size", resized(2), 100},
      {"1 % off all sides", cropped(.01, .01, .01, .01), 98},
      {"2 % off all sides", cropped(.02, .02, .02, .02), 98},
      {"3 % off one side", cropped(.03, 0, 0, 0), 95},
      {"3 % off all sides", cropped(.03, .03, .03, .03), 93},
      {"5 % off one side", cropped(0, 0, 0, .05), 75},
      {"15 levels darker", adjusted(-15, 1), 98},
      {"15 levels brighter", adjusted(15, 1), 98},
      {"white balance warmer", toned(1.04, 0.96), 98},
      {"white balance cooler", toned(0.96, 1.04), 98},
      {"10 % less contrast", adjusted(0, 0.9), 80},
      {"10 % more contrast", adjusted(0, 1.1), 88},
  };
  std::vector<Rate> rates(copies.size());
  for (std::uint64_t i = 0; i < pictures_copied(); ++i) {
    const Pixels original = picture(i);
    const Appearance original_look = appearance_of(original);
    for (std::size_t c = 0; c < copies.size(); ++c) rates[c].count(original_look, copies[c].appearance(original));
  }
  for (std::size_t c = 0; c < copies.size(); ++c) {
    rates[c].print(copies[c].name);
    EXPECT_GE(rates[c].percent(), copies[c].at_least) << copies[c].name;
  }
}

TEST(LikenessRates, DifferentPictures) {
  std::vector<Appearance> looks;
  for (std::uint64_t i = 0; i < kPictures; ++i) looks.push_back(appearance_of(picture(i)));
  Rate rate;
  for (std::size_t i = 0; i < looks.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) rate.count(looks[i], looks[j]);
  rate.print("different pictures");
  EXPECT_LE(rate.percent(), 0.1);
}

// A shirt of one colour on white, with a collar and a pocket; what the camera adds differs from take to take.
Pixels shirt(std::array<int, 3> colour, unsigned take) {
  constexpr int kSide = 400;
  Pixels picture{kSide, kSide, {}};
  unsigned noise = 1 + take;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const int across = std::abs(x - kSide / 2);
      const bool body = y > 70 && y < 350 && across < 80;
      const bool sleeves = y > 70 && y < 190 && across < 80 + (y - 60) && across < 150;
      const bool collar = std::hypot(across, y - 70) < 28;
      const bool pocket = y > 160 && y < 190 && across > 20 && across < 60 && x > kSide / 2;
      for (const int level : colour) {
        noise = noise * 1'664'525U + 1'013'904'223U;
        const int shown = (body || sleeves) && !collar ? (pocket ? level * 4 / 5 : level) : 255;
        picture.rgb.push_back(
            static_cast<std::uint8_t>(std::clamp(shown + static_cast<int>(noise >> 29U) - 4, 0, 255)));
      }
    }
  return picture;
}

constexpr std::array<std::array<int, 3>, 15> kShirtColours{{{190, 40, 50},
                                                            {30, 120, 60},
                                                            {40, 80, 180},
                                                            {25, 35, 80},
                                                            {235, 170, 185},
                                                            {225, 205, 175},
                                                            {30, 30, 30},
                                                            {140, 140, 140},
                                                            {240, 205, 70},
                                                            {110, 25, 45},
                                                            {170, 220, 200},
                                                            {150, 195, 230},
                                                            {200, 110, 40},
                                                            {90, 60, 130},
                                                            {85, 90, 60}}};

// All pairs of what `made` gives for 0 to `count`.
double rate_of_pairs(const char* name, unsigned count, const std::function<Pixels(unsigned)>& made) {
  std::vector<Appearance> looks;
  for (unsigned i = 0; i < count; ++i) looks.push_back(appearance_of(made(i)));
  Rate rate;
  for (std::size_t i = 0; i < looks.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) rate.count(looks[i], looks[j]);
  rate.print(name);
  return rate.percent();
}

TEST(LikenessRates, ColoursOfOneShirt) {
  EXPECT_LE(rate_of_pairs("colours of one shirt", kShirtColours.size(),
                          [](unsigned i) { return shirt(kShirtColours.at(i), i); }),
            1);
}

TEST(LikenessRates, TwoTakesOfOneShirtAreAlike) {
  for (unsigned i = 0; i < kShirtColours.size(); ++i)
    EXPECT_TRUE(nearly_equal(appearance_of(shirt(kShirtColours.at(i), i)),
                             appearance_of(shirt(kShirtColours.at(i), 100 + i), {.quality = 60})))
        << i;
}

// Shades of lipstick and paint, at a distance of 6 and more by CIEDE2000.
TEST(LikenessRates, ShadesWithoutAnythingElse) {
  constexpr std::array<std::array<std::uint8_t, 3>, 10> kShades{{{205, 92, 110},
                                                                 {178, 66, 54},
                                                                 {240, 128, 108},
                                                                 {120, 50, 90},
                                                                 {214, 160, 135},
                                                                 {128, 128, 128},
                                                                 {145, 145, 145},
                                                                 {30, 40, 70},
                                                                 {30, 40, 88},
                                                                 {216, 92, 124}}};
  const auto shade = [&](unsigned i) {
    Pixels picture{200, 200, {}};
    for (int pixel = 0; pixel < 200 * 200; ++pixel)
      picture.rgb.insert(picture.rgb.end(), kShades.at(i).begin(), kShades.at(i).end());
    return picture;
  };
  EXPECT_EQ(rate_of_pairs("shades", kShades.size(), shade), 0);
  for (unsigned i = 0; i < kShades.size(); ++i)
    EXPECT_TRUE(nearly_equal(appearance_of(shade(i)), appearance_of(shade(i), {.quality = 30}))) << i;
}

// Digits as seven strokes, on a grid of lines.
Pixels chart(unsigned number) {
  constexpr int kWidth = 800;
  constexpr int kHeight = 600;
  constexpr std::array<unsigned, 10> kStrokes{0x77, 0x24, 0x5D, 0x6D, 0x2E, 0x6B, 0x7B, 0x25, 0x7F, 0x6F};
  Pixels picture = test::filled(kWidth, kHeight, 255);
  const auto fill = [&](int left, int top, int width, int height) {
    for (int y = top; y < top + height; ++y)
      for (int x = left; x < left + width; ++x)
        for (int c = 0; c < 3; ++c) picture.rgb[static_cast<std::size_t>(3 * (y * kWidth + x) + c)] = 20;
  };
  const auto digit = [&](int x, int y, unsigned of) {
    constexpr std::array<std::array<int, 4>, 7> kPlaces{{{0, 0, 16, 4},
                                                         {0, 0, 4, 16},
                                                         {12, 0, 4, 16},
                                                         {0, 14, 16, 4},
                                                         {0, 16, 4, 16},
                                                         {12, 16, 4, 16},
                                                         {0, 28, 16, 4}}};
    for (std::size_t stroke = 0; stroke < kPlaces.size(); ++stroke)
      if ((kStrokes.at(of) >> stroke & 1U) != 0)
        fill(x + kPlaces.at(stroke)[0], y + kPlaces.at(stroke)[1], kPlaces.at(stroke)[2], kPlaces.at(stroke)[3]);
  };
  unsigned random = 77 * number + 5;
  for (int row = 0; row < 6; ++row) {
    fill(40, 60 + 90 * row, 720, 3);
    for (int column = 0; column < 5; ++column)
      for (int place = 0; place < 2; ++place) {
        random = random * 1'664'525U + 1'013'904'223U;
        digit(70 + 145 * column + 26 * place, 85 + 90 * row, (random >> 16U) % 10);
      }
  }
  return picture;
}

TEST(LikenessRates, ChartsOfOneLayoutWithOtherNumbers) {
  EXPECT_LE(rate_of_pairs("charts of one layout", 20, chart), 1);
  for (unsigned i = 0; i < 5; ++i)
    EXPECT_TRUE(nearly_equal(appearance_of(chart(i)), appearance_of(chart(i), {.quality = 60})));
}

// All pairs of four views of each object.
double rate_of_views(const char* name, const Scene& like) {
  Rate rate;
  constexpr std::uint64_t kObjects = 100;
  for (std::uint64_t i = 0; i < kObjects; ++i) {
    std::vector<Appearance> looks;
    for (std::uint64_t view = 0; view < 4; ++view) {
      const Scene scene{.seed = 9000 + i, .view = view, .backdrop = like.backdrop, .studio = like.studio};
      looks.push_back(appearance_of(draw(scene, 320, 240)));
      for (std::size_t other = 0; other < view; ++other) rate.count(looks[view], looks[other]);
    }
  }
  rate.print(name);
  return rate.percent();
}

TEST(LikenessRates, DifferentPicturesOfTheSameObject) {
  EXPECT_LE(rate_of_views("each before a background of its own", {}), 0.1);
  EXPECT_LE(rate_of_views("all before white", {.studio = true}), 1);
}

// The background is most of the picture, and clutter may hide what moves.
TEST(LikenessRates, DifferentPicturesOfTheSameObjectBeforeTheSameBackground) {
  EXPECT_LE(rate_of_views("all before the same background", {.backdrop = 7}), 1);
}

}  // namespace
}  // namespace pipeline::media
