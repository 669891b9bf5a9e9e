#include "pipeline/media/image.h"
#include "pipeline/media/likeness.h"

#include "support/heif_file.h"
#include "support/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;
using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::heif;
using pipeline::test::Pixels;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Appearance appearance_of(const Image& image) {
  return {image.perceptual_hash, image.look};
}

// What the JPEG shows is the picture.
void expect_heif_shows(const Pixels& picture, const std::string& file) {
  const auto converted = convert_image(file);
  ASSERT_TRUE(converted);
  const Image image = examine_image(converted->jpeg);
  EXPECT_EQ(image.type, ImageType::jpeg);
  EXPECT_EQ(image.width, picture.width);
  EXPECT_EQ(image.height, picture.height);
  EXPECT_TRUE(nearly_equal(appearance_of(image), appearance_of(examine_image(encode(picture)))));
  EXPECT_FALSE(image.has_position);
}

TEST(Heif, BecomesAJpegThatShowsTheSame) {
  const Pixels picture = draw({.seed = 11}, 401, 300);
  for (const bool avif : {false, true}) {
    SCOPED_TRACE(avif ? "AVIF" : "HEIC");
    const std::string file = heif(picture, {.avif = avif});
    expect_heif_shows(picture, file);
    EXPECT_THAT(convert_image(file)->note, HasSubstr("packed as JPEG"));
    EXPECT_EQ(convert_image(file)->jpeg, convert_image(file)->jpeg);
  }
}

TEST(Heif, IsTurnedAsItsBoxesSay) {
  const Pixels picture = draw({.seed = 12}, 400, 296);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    expect_heif_shows(picture, heif(picture, {.orientation = orientation}));
  }
}

// Its header, one directory that points to a GPS directory, which has a latitude reference.
TEST(Heif, APlaceDoesNotComeAlong) {
  const std::string exif(
      "MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1A\0\0\0\0"
      "\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0",
      44);
  const Pixels picture = draw({.seed = 13}, 320, 240);
  const auto converted = convert_image(heif(picture, {.exif = exif}));
  ASSERT_TRUE(converted);
  EXPECT_TRUE(converted->had_position);
  EXPECT_EQ(converted->jpeg.find("Exif"), std::string::npos);
  EXPECT_FALSE(convert_image(heif(picture))->had_position);
}

TEST(Heif, OtherPicturesAreLeftAsTheyAre) {
  EXPECT_FALSE(convert_image(encode(draw({}, 64, 48))));
  EXPECT_FALSE(convert_image(""));
  EXPECT_FALSE(
      convert_image("\0\0\0\x18"
                    "ftypisom\0\0\0\0isomavc1"sv));
}

std::string heif_fault_of(std::string_view bytes) {
  try {
    return convert_image(bytes) ? "none" : "no HEIF";
  } catch (const ImageError& error) {
    return error.what();
  }
}

TEST(Heif, ACutOrDamagedOneIsRefused) {
  const std::string whole = heif(draw({.seed = 14}, 400, 300));
  ASSERT_EQ(heif_fault_of(whole), "none");
  for (std::size_t size = 40; size < whole.size(); size += whole.size() / 23)
    EXPECT_THAT(heif_fault_of(std::string_view(whole).substr(0, size)), StartsWith("is ")) << size;
}

}  // namespace
}  // namespace pipeline::media
