#include "pipeline/media/image.h"

#include "pipeline/media/perceptual_hash.h"

#include "odd_pictures.h"
#include "support/pictures.h"

#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

using pipeline::test::Colours;
using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::Pixels;
using pipeline::test::PngForm;

constexpr std::array kTypes{ImageType::jpeg, ImageType::png, ImageType::webp, ImageType::gif};

std::uint64_t hash_of(const Pixels& picture) {
  return examine_image(encode(picture, {.type = ImageType::png})).perceptual_hash;
}

// The same bits but for what an encoder's rounding may turn over.
void expect_shows(const Pixels& picture, const std::string& file) {
  const Image image = examine_image(file);
  EXPECT_EQ(image.width, picture.width);
  EXPECT_EQ(image.height, picture.height);
  EXPECT_LE(distance(image.perceptual_hash, hash_of(picture)), 3);
}

TEST(Image, TellsTypeAndDimensionsByContent) {
  for (const ImageType type : kTypes) {
    SCOPED_TRACE(to_string(type));
    const std::string file = encode(draw({}, 320, 200), {.type = type});
    EXPECT_EQ(examine_image(file).type, type);
    EXPECT_FALSE(examine_image(file).has_position);
    expect_shows(draw({}, 320, 200), file);
  }
}

TEST(Image, NamesTypesAndExtensions) {
  EXPECT_EQ(to_string(ImageType::jpeg), "jpeg");
  EXPECT_EQ(extension_of(ImageType::jpeg), ".jpg");
  EXPECT_EQ(extension_of(ImageType::webp), ".webp");
}

TEST(Image, OrientationsOfOnePictureCountAsOne) {
  const Pixels picture = draw({.seed = 3}, 400, 300);
  for (const ImageType type : {ImageType::jpeg, ImageType::png, ImageType::webp})
    for (const bool big_endian : {false, true})
      for (int orientation = 1; orientation <= 8; ++orientation) {
        SCOPED_TRACE(testing::Message() << to_string(type) << " orientation " << orientation);
        expect_shows(picture, encode(picture, {.type = type,
                                               .metadata = {.orientation = orientation, .big_endian = big_endian}}));
      }
}

TEST(Image, TurnedPixelsWithoutOrientationAreAnotherPicture) {
  const Pixels picture = draw({.seed = 3}, 400, 300);
  for (int orientation = 2; orientation <= 8; ++orientation)
    EXPECT_FALSE(nearly_equal(hash_of(picture), hash_of(test::stored_for_orientation(picture, orientation))));
}

TEST(Image, ReadsProgressiveJpeg) {
  expect_shows(draw({.seed = 4}, 1000, 700), encode(draw({.seed = 4}, 1000, 700), {.progressive = true}));
}

TEST(Image, ReadsJpegOfOtherColours) {
  const Pixels picture = draw({.seed = 5}, 300, 200);
  for (const Colours colours : {Colours::gray, Colours::cmyk, Colours::ycck})
    expect_shows(picture, test::odd_jpeg(picture, colours));
}

TEST(Image, ReadsEveryFormOfPng) {
  using Colour = PngForm::Colour;
  const Pixels picture = draw({.seed = 6}, 301, 203);
  for (const bool interlaced : {false, true}) {
    for (const Colour colour : {Colour::gray, Colour::gray_alpha, Colour::rgb, Colour::rgb_alpha})
      for (const int bits : {8, 16})
        expect_shows(picture, test::odd_png(picture, {.colour = colour, .bits = bits, .interlaced = interlaced}));
    expect_shows(picture, test::odd_png(picture, {.colour = Colour::palette, .interlaced = interlaced}));
    expect_shows(picture, test::odd_png(picture, {.colour = Colour::palette, .bits = 4, .interlaced = interlaced}));
    expect_shows(picture, test::odd_png(picture, {.colour = Colour::gray, .bits = 4, .interlaced = interlaced}));
  }
}

TEST(Image, ReadsSmallInterlacedPng) {
  for (int width = 1; width <= 9; ++width)
    for (int height = 1; height <= 9; ++height) {
      const Pixels picture = draw({.seed = 7}, width, height);
      EXPECT_EQ(examine_image(test::odd_png(picture, {.interlaced = true})).perceptual_hash, hash_of(picture));
    }
}

TEST(Image, WhatIsTransparentIsWhite) {
  const Pixels picture = draw({.seed = 8}, 200, 100);
  Pixels white = picture;
  for (std::size_t i = 0; i < white.rgb.size(); ++i)
    if (i / 3 % 200 < 100) white.rgb[i] = 255;
  const std::string file =
      test::odd_png(picture, {.colour = PngForm::Colour::rgb_alpha, .left_half_transparent = true});
  EXPECT_EQ(examine_image(file).perceptual_hash, hash_of(white));
}

TEST(Image, AnAnimationIsItsFirstFrame) {
  const Pixels first = draw({.seed = 9}, 240, 180);
  const Pixels second = draw({.seed = 10}, 240, 180);
  expect_shows(first, test::animated_gif(first, second));
  expect_shows(first, test::animated_webp(first, second));
}

TEST(Image, ReadsLosslessWebp) {
  expect_shows(draw({.seed = 11}, 500, 400), test::lossless_webp(draw({.seed = 11}, 500, 400)));
}

TEST(Image, ReadsPicturesOfOnePixelAndOneLine) {
  for (const ImageType type : kTypes)
    for (const auto& [width, height] : {std::pair(1, 1), std::pair(700, 1), std::pair(1, 700), std::pair(2, 3)}) {
      const Image image = examine_image(encode(draw({}, width, height), {.type = type}));
      EXPECT_EQ(image.width, width);
      EXPECT_EQ(image.height, height);
    }
}

TEST(Image, BytesBehindTheEndOfAJpegDoNotMatter) {
  const std::string file = encode(draw({}, 300, 200));
  const std::string preview = encode(draw({.seed = 2}, 60, 40));
  for (const std::string& behind : {std::string("trailer"), preview, std::string(100, '\0')})
    EXPECT_EQ(examine_image(file + behind).perceptual_hash, examine_image(file).perceptual_hash);
}

TEST(Image, ZerosBeforeTheEndOfAJpegDoNotMatter) {
  std::string file = encode(draw({}, 300, 200));
  file.insert(file.size() - 2, std::string(5, '\0'));
  EXPECT_EQ(examine_image(file).width, 300);
}

}  // namespace
}  // namespace pipeline::media
