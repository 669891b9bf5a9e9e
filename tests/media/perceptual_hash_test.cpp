#include "pipeline/media/perceptual_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace pipeline::media {
namespace {

std::uint64_t flat(std::uint8_t level) {
  const std::vector<std::uint8_t> pixels(40 * 30, level);
  return perceptual_hash({40, 30, pixels});
}

std::uint64_t ramp(int width, int height) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      pixels.push_back(static_cast<std::uint8_t>(200 * x / width + 50 * y * y / height / height));
  return perceptual_hash({width, height, pixels});
}

TEST(PerceptualHash, DistanceCountsBits) {
  EXPECT_EQ(distance(0, 0), 0);
  EXPECT_EQ(distance(0b1011, 0b0010), 2);
  EXPECT_EQ(distance(0, ~std::uint64_t{0}), 64);
}

TEST(PerceptualHash, ThresholdIsInclusive) {
  EXPECT_TRUE(nearly_equal(0, (std::uint64_t{1} << kNearlyEqual) - 1));
  EXPECT_FALSE(nearly_equal(0, (std::uint64_t{2} << kNearlyEqual) - 1));
}

TEST(PerceptualHash, FlatPicturesDifferByTheirBrightness) {
  EXPECT_EQ(flat(255), flat(255));
  EXPECT_TRUE(nearly_equal(flat(255), flat(250)));
  EXPECT_EQ(distance(flat(0), flat(255)), 64);
  EXPECT_FALSE(nearly_equal(flat(128), flat(255)));
}

TEST(PerceptualHash, FlatPicturesAreNotLikeThoseThatShowSomething) {
  for (const int level : {0, 64, 128, 192, 255})
    EXPECT_FALSE(nearly_equal(flat(static_cast<std::uint8_t>(level)), ramp(100, 80))) << level;
}

TEST(PerceptualHash, NoiseOfOneLevelDoesNotMakeWhiteAPicture) {
  std::vector<std::uint8_t> pixels(64 * 64, 255);
  for (std::size_t i = 0; i < pixels.size(); i += 7) pixels[i] = 253;
  EXPECT_TRUE(nearly_equal(perceptual_hash({64, 64, pixels}), flat(255)));
}

TEST(PerceptualHash, DoesNotDependOnTheSize) {
  EXPECT_LE(distance(ramp(640, 480), ramp(64, 48)), 2);
  EXPECT_LE(distance(ramp(640, 480), ramp(333, 201)), 2);
}

}  // namespace
}  // namespace pipeline::media
