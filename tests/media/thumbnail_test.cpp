#include "pipeline/media/thumbnail.h"

#include "pipeline/media/image.h"
#include "pipeline/media/perceptual_hash.h"

#include "support/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

using pipeline::test::draw;
using pipeline::test::encode;

constexpr std::size_t kMost = 7'500;

TEST(Thumbnail, ShowsThePictureInItsShape) {
  for (const ImageType type : {ImageType::jpeg, ImageType::png, ImageType::webp, ImageType::gif}) {
    SCOPED_TRACE(to_string(type));
    const std::string file = encode(draw({}, 640, 480), {.type = type});
    const Thumbnail thumbnail = make_thumbnail(file, kMost);
    EXPECT_EQ(thumbnail.width, 128);
    EXPECT_EQ(thumbnail.height, 96);
    EXPECT_LE(thumbnail.jpeg.size(), kMost);
    const Image image = examine_image(thumbnail.jpeg);
    EXPECT_EQ(image.type, ImageType::jpeg);
    EXPECT_EQ(image.width, 128);
    EXPECT_EQ(image.height, 96);
    EXPECT_LE(distance(image.perceptual_hash, examine_image(file).perceptual_hash), 6);
  }
}

TEST(Thumbnail, IsUpright) {
  const auto upright = draw({.seed = 3}, 300, 400);
  const auto hash = examine_image(encode(upright)).perceptual_hash;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Thumbnail thumbnail =
        make_thumbnail(encode(upright, {.metadata = {.orientation = orientation, .exif_position = true}}), kMost);
    EXPECT_EQ(thumbnail.width, 96) << orientation;
    EXPECT_EQ(thumbnail.height, 128) << orientation;
    const Image image = examine_image(thumbnail.jpeg);
    EXPECT_LE(distance(image.perceptual_hash, hash), 6) << orientation;
    EXPECT_FALSE(image.has_position);
  }
}

TEST(Thumbnail, OfALongStripIsAPixelWideAtLeast) {
  const Thumbnail thumbnail = make_thumbnail(encode(draw({}, 20, 4000)), kMost);
  EXPECT_EQ(thumbnail.width, 1);
  EXPECT_EQ(thumbnail.height, 128);
}

// Noise is what a JPEG is longest of.
TEST(Thumbnail, KeepsToItsSizeWhateverThePicture) {
  const std::string noise = encode(draw({.grain = 120}, 128, 128), {.type = ImageType::png});
  EXPECT_GT(make_thumbnail(noise, 100'000).jpeg.size(), 8'000U) << "else this tells nothing";
  EXPECT_LE(make_thumbnail(noise, kMost).jpeg.size(), kMost);
}

TEST(Thumbnail, OfTheSamePictureHasTheSameBytes) {
  const std::string file = encode(draw({}, 400, 300));
  EXPECT_EQ(make_thumbnail(file, kMost).jpeg, make_thumbnail(file, kMost).jpeg);
}

TEST(Thumbnail, OfWhatIsNoPictureIsRefused) {
  for (const std::string file : {"", "no picture", "\xFF\xD8\xFF cut"})
    EXPECT_THROW((void)make_thumbnail(file, kMost), ImageError);
}

}  // namespace
}  // namespace pipeline::media
