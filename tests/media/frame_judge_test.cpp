#include "frame_judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

namespace pipeline::media {
namespace {

constexpr int kWidth = 400;
constexpr int kHeight = 300;

// Levels from `level` to `level` + `noise`, and a field of another level, given in parts of the height.
Shade shade(int level, unsigned noise, int field_level = 0, double field = 0) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> pixels(std::size_t{kWidth} * kHeight);
  for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(level + static_cast<int>(random() % (noise + 1)));
  std::fill_n(pixels.begin(), static_cast<std::ptrdiff_t>(kHeight * field) * kWidth,
              static_cast<std::uint8_t>(field_level));
  return shade_of({kWidth, kHeight, pixels});
}

TEST(FrameJudgeTest, BlackWithNoiseIsDark) {
  EXPECT_EQ(shade(0, 0), Shade::dark);
  EXPECT_EQ(shade(0, 20), Shade::dark);
}

TEST(FrameJudgeTest, WhiteWithNoiseIsBright) {
  EXPECT_EQ(shade(255, 0), Shade::bright);
  EXPECT_EQ(shade(240, 15), Shade::bright);
}

TEST(FrameJudgeTest, AThingOnBlackOrWhiteIsNormal) {
  EXPECT_EQ(shade(2, 4, 200, 0.05), Shade::normal);
  EXPECT_EQ(shade(250, 5, 60, 0.05), Shade::normal);
}

TEST(FrameJudgeTest, AnEvenGrayIsNormal) {
  EXPECT_EQ(shade(30, 0), Shade::normal);
  EXPECT_EQ(shade(128, 4), Shade::normal);
  EXPECT_EQ(shade(230, 2), Shade::normal);
}

TEST(FrameJudgeTest, NoPixelsAreDark) {
  EXPECT_EQ(shade_of({}), Shade::dark);
}

}  // namespace
}  // namespace pipeline::media
