#include "pipeline/media/image.h"

#include "odd_pictures.h"
#include "support/heif_file.h"
#include "support/pictures.h"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

// Whatever the bytes are: a result or ImageError. The sanitizers of the asan build look at what happens on the way.
namespace pipeline::media {
namespace {

using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::Pixels;

constexpr unsigned kCases = 200;  // of each picture

std::string corrupted(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const std::size_t kind = below(4);
  if (kind == 0) return bytes.substr(0, below(bytes.size()));
  // Most of a file is pixels: half of the flips go to its head, where the structure is.
  const std::size_t reach = kind == 1 ? bytes.size() : std::min<std::size_t>(bytes.size(), 700);
  for (std::size_t i = 1 + below(8); i > 0; --i) bytes[below(reach)] = static_cast<char>(below(256));
  if (kind == 3) bytes.erase(below(bytes.size()), below(64));
  return bytes;
}

struct Count {
  int read = 0;
  int refused = 0;
};

void look_at(const std::string& bytes, Count& count) {
  try {
    const auto converted = convert_image(bytes);
    const Image image = examine_image(converted ? converted->jpeg : bytes);
    EXPECT_GT(image.width, 0);
    EXPECT_GT(image.height, 0);
    ++count.read;
  } catch (const ImageError&) {
    ++count.refused;
  }
  try {
    const auto stripped = without_position(bytes);
    EXPECT_LE(stripped ? stripped->size() : 0, bytes.size());
  } catch (const ImageError&) {
  }
}

void corrupt(const std::string& whole) {
  Count count;
  for (unsigned seed = 0; seed < kCases; ++seed) {
    std::mt19937 random(seed);
    look_at(corrupted(whole, random), count);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
  std::cout << "    seeds 0 to " << kCases - 1 << ": " << count.read << " read, " << count.refused << " refused\n";
  EXPECT_GT(count.refused, static_cast<int>(kCases) / 4);
}

constexpr test::Metadata kMetadata{.orientation = 6, .exif_position = true, .xmp_position = true};

TEST(CorruptedImage, Jpeg) {
  corrupt(encode(draw({}, 160, 120), {.metadata = kMetadata}));
}
TEST(CorruptedImage, ProgressiveJpeg) {
  corrupt(encode(draw({}, 160, 120), {.progressive = true, .metadata = kMetadata}));
}
TEST(CorruptedImage, CmykJpeg) {
  corrupt(test::odd_jpeg(draw({}, 160, 120), test::Colours::ycck));
}
TEST(CorruptedImage, Heic) {
  corrupt(test::heif(draw({}, 160, 120), {.orientation = 6}));
}
TEST(CorruptedImage, Avif) {
  corrupt(test::heif(draw({}, 160, 120), {.avif = true}));
}
TEST(CorruptedImage, Png) {
  corrupt(encode(draw({}, 80, 60), {.type = ImageType::png, .metadata = kMetadata}));
}
TEST(CorruptedImage, InterlacedPng) {
  corrupt(test::odd_png(draw({}, 80, 60), {.colour = test::PngForm::Colour::palette, .interlaced = true}));
}
TEST(CorruptedImage, Webp) {
  corrupt(encode(draw({}, 160, 120), {.type = ImageType::webp, .metadata = kMetadata}));
}
TEST(CorruptedImage, LosslessWebp) {
  corrupt(test::lossless_webp(draw({}, 80, 60)));
}
TEST(CorruptedImage, AnimatedWebp) {
  corrupt(test::animated_webp(draw({}, 80, 60), draw({.seed = 2}, 80, 60)));
}
TEST(CorruptedImage, Gif) {
  corrupt(test::animated_gif(draw({}, 80, 60), draw({.seed = 2}, 80, 60)));
}

}  // namespace
}  // namespace pipeline::media
