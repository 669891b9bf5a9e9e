#include "frame_scaler.h"

#include <gtest/gtest.h>

#include <limits>

namespace pipeline::media {
namespace {

TEST(PackedSizeTest, KeepsWhatIsSmallEnough) {
  EXPECT_EQ(packed_size({320, 240}, 1, 1280), (Size{320, 240}));
  EXPECT_EQ(packed_size({1280, 1280}, 1, 1280), (Size{1280, 1280}));
}

TEST(PackedSizeTest, ScalesTheLongSideDown) {
  EXPECT_EQ(packed_size({3840, 2160}, 1, 1280), (Size{1280, 720}));
  EXPECT_EQ(packed_size({1080, 1920}, 1, 1280), (Size{720, 1280}));
}

TEST(PackedSizeTest, MakesPixelsSquareByTheWidth) {
  EXPECT_EQ(packed_size({720, 576}, 64.0 / 45, 1280), (Size{1024, 576}));
  EXPECT_EQ(packed_size({1440, 1080}, 4.0 / 3, 1280), (Size{1280, 720}));
  EXPECT_EQ(packed_size({100, 100}, 0.5, 1280), (Size{50, 100}));
}

TEST(PackedSizeTest, NoSideIsEverEmptyOrTooLong) {
  EXPECT_EQ(packed_size({8192, 1}, 1, 1280), (Size{1280, 1}));
  EXPECT_EQ(packed_size({1, 1}, 1e-6, 1280), (Size{1, 1}));
  EXPECT_EQ(packed_size({4096, 4096}, std::numeric_limits<int>::max(), 1280), (Size{1280, 1}));
}

}  // namespace
}  // namespace pipeline::media
