#include "pipeline/media/image.h"

#include "support/pictures.h"
#include "support/process.h"
#include "support/temp_dir.h"

#include <exiv2/exiv2.hpp>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

// That the position goes and all else stays, by two judges of their own: Exiv2 and ExifTool.
namespace pipeline::media {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::Encoding;
using pipeline::test::Metadata;
using testing::HasSubstr;
using testing::Not;

constexpr std::array kPositionTypes{ImageType::jpeg, ImageType::png, ImageType::webp};

std::string with_position(ImageType type, bool big_endian = false) {
  return encode(
      draw({}, 200, 150),
      {.type = type,
       .metadata = {.orientation = 6, .exif_position = true, .xmp_position = true, .big_endian = big_endian}});
}

std::string stripped(const std::string& bytes) {
  const auto result = without_position(bytes);
  EXPECT_TRUE(result);
  return result.value_or(std::string());
}

// All that Exiv2 finds in EXIF and XMP, by its names of the keys.
std::map<std::string, std::string> exiv2_metadata(const std::string& bytes) {
  using Size = std::conditional_t<EXIV2_TEST_VERSION(0, 28, 0), std::size_t, long>;
  const auto image =
      Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(bytes.data()), static_cast<Size>(bytes.size()));
  image->readMetadata();
  std::map<std::string, std::string> found;
  for (const auto& datum : image->exifData()) found.emplace(datum.key(), datum.toString());
  for (const auto& datum : image->xmpData()) found.emplace(datum.key(), datum.toString());
  return found;
}

bool is_position(const std::string& key) {
  return key.find("GPS") != std::string::npos;
}

// What ExifTool finds, but what it says of the file itself.
nlohmann::json exiftool_metadata(const std::string& bytes) {
  const test::TempDir folder;
  std::ofstream(folder / "picture", std::ios::binary) << bytes;
  test::Process process({"/usr/bin/env", "exiftool", "-json", "-a", "-G1", "-b", (folder / "picture").string()}, {},
                        folder.path());
  const test::Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0) << "ExifTool is needed here (libimage-exiftool-perl): " << outcome.err;
  nlohmann::json found = nlohmann::json::parse(outcome.out, nullptr, false);
  if (!found.is_array() || found.empty()) return {};
  nlohmann::json kept;
  for (const auto& [key, value] : found[0].items())
    if (!key.starts_with("System:") && !key.starts_with("SourceFile")) kept[key] = value;
  return kept;
}

TEST(Position, GoesAndAllElseStaysByExiv2) {
  for (const ImageType type : kPositionTypes)
    for (const bool big_endian : {false, true}) {
      SCOPED_TRACE(testing::Message() << to_string(type) << (big_endian ? " big" : " little"));
      const std::string before = with_position(type, big_endian);
      auto expected = exiv2_metadata(before);
      // The pointer to the GPS directory is named GPSTag.
      EXPECT_GE(std::erase_if(expected, [](const auto& datum) { return is_position(datum.first); }), 9U);
      EXPECT_EQ(exiv2_metadata(stripped(before)), expected);
      EXPECT_THAT(expected, testing::Contains(testing::Key("Exif.Photo.MakerNote")));
      EXPECT_THAT(expected, testing::Contains(testing::Pair("Exif.Image.Orientation", "6")));
    }
}

TEST(Position, GoesAndAllElseStaysByExifTool) {
  for (const ImageType type : kPositionTypes) {
    SCOPED_TRACE(to_string(type));
    const std::string before = with_position(type);
    const nlohmann::json found = exiftool_metadata(before);
    nlohmann::json expected;
    std::size_t positions = 0;
    for (const auto& [key, value] : found.items()) {
      if (is_position(key))
        ++positions;
      else
        expected[key] = value;
    }
    EXPECT_GE(positions, 9U);
    EXPECT_EQ(exiftool_metadata(stripped(before)), expected);
    EXPECT_TRUE(expected.contains("IFD1:ThumbnailImage"));
    EXPECT_TRUE(expected.contains("XMP-xmp:CreatorTool"));
  }
}

// Bytes only change within the metadata, so no pixel can.
TEST(Position, NoByteOfThePixelsChanges) {
  for (const ImageType type : kPositionTypes) {
    const std::string before = with_position(type);
    const std::string after = stripped(before);
    const Encoding bare{.type = type, .metadata = {.orientation = 6, .camera = true}};
    const std::string pixels = encode(draw({}, 200, 150), bare);
    ASSERT_EQ(after.size(), before.size());
    // The pixels are what the file ends with, and in a WebP what it begins with behind its header.
    const std::size_t size = pixels.size() - 4096;
    if (type == ImageType::webp) {
      EXPECT_EQ(after.substr(12, size), before.substr(12, size));
    } else {
      EXPECT_EQ(after.substr(after.size() - size), before.substr(before.size() - size));
      EXPECT_EQ(after.substr(after.size() - size), pixels.substr(pixels.size() - size));
    }
    EXPECT_EQ(examine_image(after).perceptual_hash, examine_image(before).perceptual_hash);
  }
}

TEST(Position, IsGoneForGood) {
  for (const ImageType type : kPositionTypes) {
    const std::string before = with_position(type);
    EXPECT_TRUE(examine_image(before).has_position);
    const std::string after = stripped(before);
    EXPECT_FALSE(examine_image(after).has_position);
    EXPECT_FALSE(without_position(after));
    // Its numbers, as rationals and as text, are in no corner of the file.
    EXPECT_THAT(before, HasSubstr("\x7E\0\0\0\x01\0\0\0\x2D\0\0\0\x01"sv));
    EXPECT_THAT(after, Not(HasSubstr("\x7E\0\0\0\x01\0\0\0\x2D\0\0\0\x01"sv)));
    EXPECT_THAT(before, HasSubstr("126,45"));
    EXPECT_THAT(after, Not(HasSubstr("126,45")));
  }
}

TEST(Position, APictureWithoutOneIsLeftAlone) {
  for (const ImageType type : {ImageType::jpeg, ImageType::png, ImageType::webp, ImageType::gif})
    for (const bool camera : {false, true}) {
      const std::string bytes = encode(draw({}, 100, 80), {.type = type, .metadata = {.camera = camera}});
      EXPECT_FALSE(without_position(bytes));
      EXPECT_FALSE(examine_image(bytes).has_position);
    }
}

std::string jpeg_with_segment(char marker, const std::string& content) {
  std::string bytes = encode(draw({}, 100, 80));
  const auto size = content.size() + 2;
  return bytes.insert(2,
                      std::string("\xFF") + marker + static_cast<char>(size >> 8U) + static_cast<char>(size) + content);
}

TEST(Position, ExifThatIsNoneIsEmptied) {
  const std::string bytes = jpeg_with_segment('\xE1', std::string("Exif\0\0", 6) + "XX*\0 GPS 37.5 126.75");
  const std::string after = stripped(bytes);
  EXPECT_THAT(after, Not(HasSubstr("126.75")));
  EXPECT_EQ(examine_image(after).width, 100);
}

TEST(Position, XmpThatEndsTooEarlyIsEmptied) {
  const std::string bytes = jpeg_with_segment(
      '\xE1', std::string("http://ns.adobe.com/xap/1.0/\0", 29) + R"(<x:xmpmeta><a exif:GPSLatitude="37,30.0N)");
  EXPECT_THAT(stripped(bytes), Not(HasSubstr("37,30")));
}

// `bytes` with each of its bytes from `from` on, `size` of them, made `with`.
std::string filled(std::string bytes, std::size_t from, std::size_t size, char with) {
  return bytes.replace(from, size, size, with);
}

TEST(Position, ACommentThatTellsOneBecomesSpaces) {
  const std::string comment = "GPSLatitude=37.5";
  const std::string bytes = jpeg_with_segment('\xFE', comment);
  EXPECT_EQ(stripped(bytes), filled(bytes, 6, comment.size(), ' '));
  EXPECT_FALSE(without_position(jpeg_with_segment('\xFE', "a nice latitude")));
}

TEST(Position, ASegmentThatTellsOneIsEmptied) {
  const std::string record = "JP\1\2 {exif:GPSLatitude: 37,30.0N}";
  for (const char marker : {'\xEB', '\xE2', '\xEF'}) {
    const std::string bytes = jpeg_with_segment(marker, record);
    EXPECT_EQ(stripped(bytes), filled(bytes, 6, record.size(), '\0'));
  }
}

// How the colours are to be understood stands in the same segment.
TEST(Position, AnAdobeSegmentKeepsWhatItSaysOfTheColours) {
  const std::string adobe("Adobe\0\x64\0\0\0\0\1", 12);
  const std::string bytes = jpeg_with_segment('\xEE', adobe + "GPSLatitude=37.5");
  EXPECT_EQ(stripped(bytes), filled(bytes, 6 + adobe.size(), 16, '\0'));
}

TEST(Position, WhatPhotoshopRepeatsIsTakenOut) {
  const std::string exif = with_position(ImageType::jpeg);
  const std::size_t at = exif.find("Exif\0\0"sv) + 6;
  const std::string tiff =
      exif.substr(at, static_cast<unsigned char>(exif[at - 8]) * 256U + static_cast<unsigned char>(exif[at - 7]) - 8U);
  std::string resource(
      "Photoshop 3.0\0"
      "8BIM\x04\x04\0\0\0\0\0\3abc\0"
      "8BIM\x04\x22\0\0",
      14 + 16 + 8);
  resource += {'\0', '\0', static_cast<char>(tiff.size() >> 8U), static_cast<char>(tiff.size())};
  const std::string after = stripped(jpeg_with_segment('\xED', resource + tiff));
  EXPECT_THAT(after, Not(HasSubstr("\x7E\0\0\0\x01\0\0\0\x2D\0\0\0\x01"sv)));
  EXPECT_THAT(after, HasSubstr("Sample Cameras"));
}

TEST(Position, APngTextThatMayHideOneBecomesAChunkThatNobodyReads) {
  std::string bytes = encode(draw({}, 100, 80), {.type = ImageType::png});
  for (const auto& text : {"tEXtRaw profile type exif\0hex..."s, "zTXtGPSLatitude\0................"s,
                           "tEXtComment\0GPSLatitude=37.5 ..."s, "caBX....exif:GPSLatitude: 37,5.."s}) {
    ASSERT_EQ(text.size(), 32U);
    // The CRC is libpng's business alone.
    const std::string before = std::string(bytes).insert(33, "\0\0\0\x1C"s + text + "....");
    std::string after = stripped(before);
    EXPECT_EQ(after.substr(33, 40), "\0\0\0\x1CpaDd"s + std::string(28, '\0') + after.substr(69, 4)) << text;
    EXPECT_EQ(examine_image(after).width, 100) << "its checksum";
    EXPECT_FALSE(without_position(after));
    EXPECT_EQ(after.erase(33, 40), bytes);
  }
}

TEST(Position, AGifCommentThatTellsOneBecomesSpaces) {
  const std::string gif = encode(draw({}, 60, 40), {.type = ImageType::gif});
  constexpr std::size_t kHeaderAndPalette = 13 + 768;
  for (const auto& [extension, text] : {std::pair("\x21\xFE"s,
                                                  "\x0AGPSLatitud\x06"
                                                  "e=37.5"s),
                                        std::pair("\x21\xFF\x0BXMP DataXMP"s, "\x0A<a exif:GP\x10SLatitude='37'/>"s)}) {
    const std::string before = std::string(gif).insert(kHeaderAndPalette, extension + text + '\0');
    const std::string after = stripped(before);
    const std::string blank = "\x0A          "s + text[11] + std::string(static_cast<std::size_t>(text[11]), ' ');
    EXPECT_EQ(after, std::string(gif).insert(kHeaderAndPalette, extension + blank + '\0'));
    EXPECT_EQ(examine_image(after).perceptual_hash, examine_image(gif).perceptual_hash);
  }
}

TEST(Position, WhatIsNoPictureIsRefused) {
  EXPECT_THROW(static_cast<void>(without_position("text")), ImageError);
}

}  // namespace
}  // namespace pipeline::media
