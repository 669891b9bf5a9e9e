#include "pipeline/media/image.h"
#include "pipeline/media/perceptual_hash.h"

#include "support/pictures.h"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <vector>

// How often nearly_equal() is right, on a made set. The bounds leave some room to what was measured when they were set.
namespace pipeline::media {
namespace {

using test::draw;
using test::encode;
using test::Encoding;
using test::Pixels;
using test::Scene;

constexpr std::uint64_t kPictures = 200;

// A third is before white, as shops have them; half stand upright.
Scene scene(std::uint64_t i) {
  return {.seed = 5000 + i, .studio = i % 3 == 0};
}
Pixels picture(std::uint64_t i) {
  return i % 2 == 0 ? draw(scene(i), 240, 180) : draw(scene(i), 180, 240);
}

std::uint64_t hash_of(const Pixels& pixels, const Encoding& encoding = {}) {
  return examine_image(encode(pixels, encoding)).perceptual_hash;
}

class Rate {
 public:
  void count(std::uint64_t a, std::uint64_t b) {
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

using Change = std::function<std::uint64_t(const Pixels&)>;

Change encoded(const Encoding& encoding) {
  return [=](const Pixels& p) { return hash_of(p, encoding); };
}
Change resized(double scale) {
  return [=](const Pixels& p) {
    return hash_of(test::resize(p, static_cast<int>(p.width * scale), static_cast<int>(p.height * scale)));
  };
}
Change cropped(double left, double top, double right, double bottom) {
  return [=](const Pixels& p) { return hash_of(test::crop(p, left, top, right, bottom)); };
}
Change adjusted(double brightness, double contrast) {
  return [=](const Pixels& p) { return hash_of(test::adjust(p, brightness, contrast)); };
}

struct Copy {
  const char* name;
  Change hash;
  double at_least;  // percent that must be near-equal to the original
};

TEST(PerceptualHashRates, CopiesOfAPicture) {
  const std::vector<Copy> copies{
      {"JPEG of quality 30", encoded({.quality = 30}), 100},
      {"JPEG of quality 60", encoded({.quality = 60}), 100},
      {"JPEG of quality 95", encoded({.quality = 95}), 100},
      {"PNG", encoded({.type = ImageType::png}), 100},
      {"WebP", encoded({.type = ImageType::webp}), 100},
      {"GIF", encoded({.type = ImageType::gif}), 100},
      {"25 % of the size", resized(0.25), 100},
      {"60 % of the size", resized(0.6), 100},
      {"200 % of the size", resized(2), 100},
      {"1 % off all sides", cropped(.01, .01, .01, .01), 98},
      {"2 % off all sides", cropped(.02, .02, .02, .02), 95},
      {"3 % off one side", cropped(.03, 0, 0, 0), 95},
      {"3 % off all sides", cropped(.03, .03, .03, .03), 80},
      {"5 % off one side", cropped(0, 0, 0, .05), 75},
      {"15 levels darker", adjusted(-15, 1), 98},
      {"15 levels brighter", adjusted(15, 1), 98},
      {"10 % less contrast", adjusted(0, 0.9), 98},
      {"10 % more contrast", adjusted(0, 1.1), 98},
  };
  std::vector<Rate> rates(copies.size());
  for (std::uint64_t i = 0; i < kPictures; ++i) {
    const Pixels original = picture(i);
    const std::uint64_t hash = hash_of(original);
    for (std::size_t c = 0; c < copies.size(); ++c) rates[c].count(hash, copies[c].hash(original));
  }
  for (std::size_t c = 0; c < copies.size(); ++c) {
    rates[c].print(copies[c].name);
    EXPECT_GE(rates[c].percent(), copies[c].at_least) << copies[c].name;
  }
}

TEST(PerceptualHashRates, DifferentPictures) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < kPictures; ++i) hashes.push_back(hash_of(picture(i)));
  Rate rate;
  for (std::size_t i = 0; i < hashes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) rate.count(hashes[i], hashes[j]);
  rate.print("different pictures");
  EXPECT_LE(rate.percent(), 0.1);
}

// All pairs of four views of each object.
double rate_of_views(const char* name, const Scene& like) {
  Rate rate;
  for (std::uint64_t i = 0; i < kPictures; ++i) {
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t view = 0; view < 4; ++view) {
      const Scene scene{.seed = 9000 + i, .view = view, .backdrop = like.backdrop, .studio = like.studio};
      hashes.push_back(hash_of(draw(scene, 160, 120)));
      for (std::size_t other = 0; other < view; ++other) rate.count(hashes[view], hashes[other]);
    }
  }
  rate.print(name);
  return rate.percent();
}

TEST(PerceptualHashRates, DifferentPicturesOfTheSameObject) {
  EXPECT_LE(rate_of_views("each before a background of its own", {}), 0.1);
  EXPECT_LE(rate_of_views("all before white", {.studio = true}), 1);
}

// The background is most of the picture, and clutter may hide what moves.
TEST(PerceptualHashRates, DifferentPicturesOfTheSameObjectBeforeTheSameBackground) {
  EXPECT_LE(rate_of_views("all before the same background", {.backdrop = 7}), 2.5);
}

}  // namespace
}  // namespace pipeline::media
