#include "pipeline/base/text.h"
#include "pipeline/media/image.h"

#include "odd_pictures.h"
#include "support/pictures.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;
using pipeline::test::draw;
using pipeline::test::encode;
using testing::HasSubstr;
using testing::StartsWith;

std::string fault_of(std::string_view bytes) {
  try {
    static_cast<void>(examine_image(bytes));
    return "none";
  } catch (const ImageError& error) {
    return error.what();
  }
}

constexpr std::array kBrokenTypes{ImageType::jpeg, ImageType::png, ImageType::webp, ImageType::gif};

TEST(BrokenImage, WhatIsNoPictureIsCalledByItsName) {
  EXPECT_EQ(fault_of(""), "is empty");
  EXPECT_EQ(fault_of("Hello, 안녕\n"), "is text, no picture");
  EXPECT_EQ(fault_of("%PDF-1.7 ..."), "is a PDF document, no picture");
  EXPECT_EQ(fault_of("\0\0\0\x18"
                     "ftypheic\0\0\0\0mif1"sv),
            "is a HEIC picture: save it as JPEG");
  EXPECT_EQ(fault_of("\0\0\0\x18"
                     "ftypavif\0\0\0\0"sv),
            "is an AVIF picture: save it as JPEG");
  EXPECT_EQ(fault_of("\0\0\0\x18"
                     "ftypisom\0\0\0\0"sv),
            "is a video, no picture");
  EXPECT_EQ(fault_of("BM\x36\0\0\0"sv), "is a BMP picture: save it as JPEG");
  EXPECT_EQ(fault_of("II*\0\x08\0\0\0"sv), "is a TIFF or camera raw picture: save it as JPEG");
  EXPECT_EQ(fault_of("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            "is an SVG drawing: save it as JPEG");
  EXPECT_EQ(fault_of("<!DOCTYPE html><title>404</title>"), "is a web page, no picture");
  EXPECT_EQ(fault_of("RIFF\x24\0\0\0WAVEfmt "sv), "is a RIFF file (sound or video), no picture");
  EXPECT_EQ(fault_of(std::string(5000, '\0')), "is no picture: it holds zeros, as after a copy that failed");
  EXPECT_EQ(fault_of("\x01\x02\x03\x04"), "is no picture: it is neither JPEG, PNG, WebP nor GIF");
}

TEST(BrokenImage, ACutFileIsFoundWhereverItIsCut) {
  for (const ImageType type : kBrokenTypes)
    for (const bool progressive : {false, true}) {
      if (progressive && type != ImageType::jpeg) continue;
      const std::string whole = encode(draw({}, 200, 150), {.type = type, .progressive = progressive});
      ASSERT_EQ(fault_of(whole), "none");
      for (std::size_t size = 16; size < whole.size(); size += 97) {
        const std::string fault = fault_of(std::string_view(whole).substr(0, size));
        ASSERT_EQ(fault, fmt::format("is cut short after {} bytes", format_count(size))) << to_string(type);
      }
    }
}

TEST(BrokenImage, AJpegThatLacksOnlyItsEndMarkerIsWhole) {
  for (const bool progressive : {false, true}) {
    const std::string whole = encode(draw({}, 200, 150), {.progressive = progressive});
    const Image image = examine_image(std::string_view(whole).substr(0, whole.size() - 2));
    EXPECT_EQ(image.note, "has no end marker; every pixel is there");
    EXPECT_EQ(image.look, examine_image(whole).look);
  }
}

// It can be decoded to its end, and shows less.
TEST(BrokenImage, AProgressiveJpegThatEndsBetweenTwoScansIsCutShort) {
  const std::string whole = encode(draw({}, 200, 150), {.progressive = true});
  EXPECT_THAT(fault_of(whole.substr(0, whole.rfind("\xFF\xDA"))), StartsWith("is cut short"));
}

TEST(BrokenImage, StrayBytesBetweenTheSegmentsOfAJpegDoNoHarm) {
  const std::string whole = encode(draw({}, 200, 150));
  std::string stray = whole;
  stray.insert(stray.find("\xFF\xDB"), "\x11\x22\x33");
  const Image image = examine_image(stray);
  EXPECT_EQ(image.note, "has stray bytes between its parts; every pixel is there");
  EXPECT_EQ(image.look, examine_image(whole).look);
}

TEST(BrokenImage, DamagedJpegDataAreFound) {
  std::string file = encode(draw({}, 400, 300));
  file.erase(file.size() / 2, 500);
  EXPECT_THAT(fault_of(file), StartsWith("is damaged: Corrupt JPEG data"));
}

TEST(BrokenImage, DamagedPngDataAreFound) {
  std::string file = encode(draw({}, 400, 300), {.type = ImageType::png});
  file[file.size() / 2] ^= 1;
  EXPECT_THAT(fault_of(file), StartsWith("is damaged: "));
}

// As browsers show it: what is damaged is no part of what is seen.
TEST(BrokenImage, APngWithDamagedTextIsWhole) {
  std::string file = encode(draw({}, 40, 30), {.type = ImageType::png, .metadata = {.camera = true}});
  const std::size_t at = file.find("Sample Cameras");
  ASSERT_NE(at, std::string::npos);
  file[at] ^= 1;
  EXPECT_EQ(examine_image(file).note, "has a damaged part beside its pixels; every pixel is there");
}

TEST(BrokenImage, APngWithDamagedTransparencyIsDamaged) {
  std::string file = test::odd_png(draw({}, 40, 30), {.colour = test::PngForm::Colour::palette});
  const std::size_t pixels = file.find("IDAT") - 4;
  file.insert(pixels, std::string("\0\0\0\1tRNS\x80sum!", 13));
  EXPECT_EQ(fault_of(file), "is damaged: tRNS: CRC error");
}

TEST(BrokenImage, AGifThatEndsBeforeItsLastRowIsDamaged) {
  std::string file = encode(draw({}, 100, 50), {.type = ImageType::gif});
  file[8] = 60;             // the canvas, and
  file[13 + 768 + 7] = 60;  // its frame, say ten rows more
  EXPECT_EQ(fault_of(file), "is damaged: Image EOF detected before image complete");
}

TEST(BrokenImage, AGifThatEndsBehindAFrameIsWhole) {
  const std::string whole = encode(draw({}, 100, 50), {.type = ImageType::gif});
  const std::string endless = whole.substr(0, whole.size() - 1);
  for (const std::string_view tail : {""sv, "\0"sv, "\0\0\0;"sv, "what a program appended"sv}) {
    const Image image = examine_image(std::string(endless).append(tail));
    EXPECT_EQ(image.note, "has no end marker behind its last frame; every pixel is there");
    EXPECT_EQ(image.look, examine_image(whole).look);
  }
  EXPECT_EQ(examine_image(whole).note, "");
}

// As browsers show it.
TEST(BrokenImage, AGifsCanvasGrowsWithItsFirstFrame) {
  const std::string whole = encode(draw({}, 100, 50), {.type = ImageType::gif});
  for (const std::string_view size : {"\x0A\0\x0A\0"sv, "\0\0\0\0"sv, "\x64\0\x0A\0"sv}) {
    const Image image = examine_image(std::string(whole).replace(6, 4, size));
    EXPECT_EQ(image.width, 100);
    EXPECT_EQ(image.height, 50);
    EXPECT_EQ(image.look, examine_image(whole).look);
  }
  const Image larger = examine_image(std::string(whole).replace(6, 4, "\xC8\0\xC8\0"sv));
  EXPECT_EQ(larger.width, 200);
  EXPECT_EQ(larger.height, 200);
}

TEST(BrokenImage, AbsurdDimensionsAreRefusedUnread) {
  std::string jpeg = encode(draw({}, 64, 64));
  const std::size_t frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, "\xFF\x00\xFF\x00"sv);
  EXPECT_EQ(
      fault_of(jpeg),
      "is too large: it says that it has 65,280 x 65,280 pixels, and 200,000,000 in all are the most; scale it down");

  std::string gif = encode(draw({}, 64, 64), {.type = ImageType::gif});
  gif.replace(6, 4, "\xFF\xFF\xFF\xFF"sv);
  EXPECT_THAT(fault_of(gif), HasSubstr("65,535 x 65,535 pixels"));
}

TEST(BrokenImage, NoPixelsAreDamage) {
  std::string gif = encode(draw({}, 64, 64), {.type = ImageType::gif});
  gif.replace(6, 2, "\0\0"sv);
  gif.replace(13 + 768 + 5, 2, "\0\0"sv);  // canvas and frame
  EXPECT_EQ(fault_of(gif), "is damaged: it says that it is 0 pixels wide or high");
}

TEST(BrokenImage, AJpegOfEndlessScansIsRefused) {
  // The last scan of a progressive picture, again and again.
  std::string file = encode(draw({}, 64, 64), {.progressive = true});
  const std::size_t scan = file.rfind("\xFF\xDA");
  const std::string again = file.substr(scan, file.size() - 2 - scan);
  std::string endless = file.substr(0, file.size() - 2);
  for (int i = 0; i < 200; ++i) endless += again;
  EXPECT_THAT(fault_of(endless + "\xFF\xD9"), StartsWith("is damaged"));
}

}  // namespace
}  // namespace pipeline::media
