#include "pipeline/media/image.h"

#include "support/pictures.h"
#include "support/process.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <bit>
#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

// Positions in blocks that only some programs and cameras write, as ExifTool finds them before and does not afterwards.
namespace pipeline::media {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using pipeline::test::draw;
using pipeline::test::encode;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string exiftool(const std::vector<std::string>& options, const std::string& bytes) {
  const test::TempDir folder;
  std::ofstream(folder / "picture", std::ios::binary) << bytes;
  std::vector<std::string> command{"/usr/bin/env", "exiftool", "-a", "-G1", "-s"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back((folder / "picture").string());
  test::Process process(command, {}, folder.path());
  return process.wait().out;
}
std::string exiftool_tags(const std::string& bytes) {
  return exiftool({"-IFD0:all", "-XMP:all", "-GoPro:all", "-FLIR:all", "-File:Comment", "-PNG:all", "-Composite:all"},
                  bytes);
}

std::string number(std::uint64_t value, unsigned size, bool big_endian = true) {
  std::string bytes;
  for (unsigned i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * (big_endian ? size - 1 - i : i)));
  return bytes;
}

std::string plain(ImageType type) {
  return encode(draw({}, 120, 90), {.type = type});
}

// Shows the same, has the same size, and the same when it is done again.
std::string cleared(const std::string& bytes) {
  const auto after = without_position(bytes);
  EXPECT_TRUE(after);
  if (!after) return bytes;
  EXPECT_EQ(after->size(), bytes.size());
  EXPECT_FALSE(without_position(*after));
  const Image before = examine_image(bytes);
  const Image now = examine_image(*after);
  EXPECT_EQ(now.perceptual_hash, before.perceptual_hash);
  EXPECT_EQ(now.width, before.width);
  return *after;
}

std::string segment(char marker, const std::string& content) {
  return "\xFF"s + marker + number(content.size() + 2, 2) + content;
}
std::string in_jpeg(const std::string& segments) {
  return plain(ImageType::jpeg).insert(2, segments);
}

std::string chunk(const std::string& name, const std::string& content) {
  const std::string named = name + content;
  const auto crc =
      ::crc32(0, reinterpret_cast<const unsigned char*>(named.data()), static_cast<unsigned>(named.size()));
  return number(content.size(), 4) + named + number(crc, 4);
}
std::string in_png(const std::string& chunks) {
  return plain(ImageType::png).insert(33, chunks);
}
std::string deflated(const std::string& text) {
  std::string zlib(::compressBound(text.size()), '\0');
  auto size = static_cast<unsigned long>(zlib.size());
  ::compress(reinterpret_cast<unsigned char*>(zlib.data()), &size, reinterpret_cast<const unsigned char*>(text.data()),
             text.size());
  zlib.resize(size);
  return zlib;
}
std::string raw_profile(const std::string& name, std::string_view bytes) {
  std::string text = fmt::format("\n{}\n{:8}", name, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    text += fmt::format("{}{:02x}", i % 36 == 0 ? "\n" : "", static_cast<unsigned char>(bytes[i]));
  return text + "\n";
}

std::string in_gif(const std::string& extension) {
  constexpr std::size_t kHeaderAndPalette = 13 + 768;
  return plain(ImageType::gif).insert(kHeaderAndPalette, extension);
}
std::string blocks(std::string_view text) {
  std::string all;
  for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(text.size(), 255))) {
    const std::string_view block = text.substr(0, 255);
    (all += static_cast<char>(block.size())) += block;
  }
  return all + '\0';
}

// With an orientation and a camera.
std::string exif(bool position) {
  const std::string jpeg =
      encode(draw({}, 120, 90), {.metadata = {.orientation = 6, .exif_position = position, .camera = true}});
  const std::size_t at = jpeg.find("Exif\0\0"sv);
  return jpeg.substr(at,
                     static_cast<unsigned char>(jpeg[at - 2]) * 256U + static_cast<unsigned char>(jpeg[at - 1]) - 2U);
}

const std::string kXmp =
    R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
    R"(<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/")"
    R"( exif:GPSLatitude="37,30.0N" exif:GPSLongitude="126,45.0E" xmp:CreatorTool="tool"/></rdf:RDF></x:xmpmeta>)";

std::string photoshop(const std::string& xmp) {
  return "8BIM\4\4\0\0\0\0\0\4\x1C\2\0\0"s + "8BIM\4\x24\0\0"s + number(xmp.size(), 4) + xmp +
         (xmp.size() % 2 != 0 ? "\0"s : ""s);
}

TEST(PositionBlock, ACommentThatGivesOneGoesFromEveryFormat) {
  for (const std::string comment : {"GPSLatitude=37.5 GPSLongitude=126.75", R"({"lat":37.5,"lon":126.75})"}) {
    for (const std::string& bytes :
         {in_jpeg(segment('\xFE', comment)), in_jpeg(segment('\xEC', comment)),
          in_png(chunk("tEXt", "Comment\0"s + comment)), in_png(chunk("zTXt", "Comment\0\0"s + deflated(comment))),
          in_png(chunk("iTXt", "Comment\0\0\0ko\0\0"s + comment)),
          in_png(chunk("iTXt", "Comment\0\1\0ko\0\0"s + deflated(comment))), in_gif("\x21\xFE" + blocks(comment))}) {
      EXPECT_THAT(exiftool_tags(cleared(bytes)), AllOf(Not(HasSubstr("37.5")), Not(HasSubstr("126.75"))));
      EXPECT_THAT(cleared(bytes), Not(HasSubstr("126.75")));
    }
  }
  EXPECT_FALSE(without_position(in_jpeg(segment('\xFE', "shot at 37.5 mm, long: 30 cm"))));
  EXPECT_FALSE(without_position(in_png(chunk("tEXt", "Comment\0a nice latitude"s))));
  EXPECT_FALSE(without_position(in_gif("\x21\xFE" + blocks("a nice latitude"))));
}

TEST(PositionBlock, ARawProfileOfAPngKeepsAllButThePosition) {
  struct Form {
    std::string name;
    std::function<std::string(const std::string& keyword, const std::string& text)> chunk_of;
  };
  const std::vector<Form> forms{
      {"tEXt", [](const auto& keyword, const auto& text) { return chunk("tEXt", keyword + '\0' + text); }},
      {"zTXt", [](const auto& keyword, const auto& text) { return chunk("zTXt", keyword + "\0\0"s + deflated(text)); }},
      {"iTXt",
       [](const auto& keyword, const auto& text) { return chunk("iTXt", keyword + "\0\1\0\0\0"s + deflated(text)); }}};
  for (const Form& form : forms)
    for (const std::string kind : {"exif", "APP1"}) {
      SCOPED_TRACE(form.name + " " + kind);
      const std::string without = in_png(form.chunk_of("Raw profile type " + kind, raw_profile(kind, exif(false))));
      EXPECT_FALSE(without_position(without));
      EXPECT_EQ(examine_image(without).width, 90);
      const std::string with = in_png(form.chunk_of("Raw profile type " + kind, raw_profile(kind, exif(true))));
      ASSERT_THAT(exiftool({"-GPS:all"}, with), HasSubstr("GPSLatitude"));
      const std::string after = cleared(with);
      EXPECT_EQ(exiftool({"-GPS:all"}, after), "");
      EXPECT_THAT(exiftool_tags(after), AllOf(HasSubstr("Orientation"), HasSubstr("Model"), Not(HasSubstr("Warning"))));
      EXPECT_EQ(examine_image(after).width, 90);
    }
}

TEST(PositionBlock, XmpAndPhotoshopsCopiesOfItKeepAllButThePosition) {
  const std::string dwc = [] {
    std::string xmp = kXmp;
    for (const auto& [old, now] : {std::pair("http://ns.adobe.com/exif/1.0/", "http://rs.tdwg.org/dwc/index.htm"),
                                   std::pair("exif:GPSLatitude=\"37,30.0N", "exif:DecimalLatitude=\"37.5"),
                                   std::pair("exif:GPSLongitude=\"126,45.0E", "exif:DecimalLongitude=\"126.75")})
      xmp.replace(xmp.find(old), std::string_view(old).size(), now);
    return xmp;
  }();
  const std::string in_words = [] {
    std::string xmp = kXmp;
    const std::string_view old = "exif:GPSLatitude=\"37,30.0N\" exif:GPSLongitude=\"126,45.0E\"";
    return xmp.replace(xmp.find(old), old.size(), "xmp:Label=\"lat: 37.5, lon: 126.75\"");
  }();
  std::string trailer = "\1";
  for (int i = 255; i >= 0; --i) trailer += static_cast<char>(i);
  trailer += '\0';
  for (const std::string& xmp : {kXmp, dwc, in_words})
    for (const std::string& bytes :
         {in_jpeg(segment('\xE1', "http://ns.adobe.com/xap/1.0/\0"s + xmp)),
          in_jpeg(segment('\xED', "Photoshop 3.0\0"s + photoshop(xmp))),
          in_png(chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + xmp)),
          in_png(chunk("iTXt", "XML:com.adobe.xmp\0\1\0\0\0"s + deflated(xmp))),
          in_png(chunk("zTXt", "Raw profile type xmp\0\0"s + deflated(raw_profile("xmp", xmp)))),
          in_png(chunk("zTXt", "Raw profile type 8bim\0\0"s + deflated(raw_profile("8bim", photoshop(xmp))))),
          in_gif("\x21\xFF\x0BXMP DataXMP" + xmp + trailer),
          in_gif("\x21\xFF\x0BMGK8BIM0000" + blocks(photoshop(xmp)))}) {
      const std::string after = cleared(bytes);
      EXPECT_THAT(exiftool_tags(after), AllOf(Not(HasSubstr("tude")), Not(HasSubstr("126"))));
      if (after.find("MGK8BIM") == std::string::npos) {
        EXPECT_THAT(exiftool_tags(after), HasSubstr("CreatorTool"));
      }
      EXPECT_THAT(after, Not(HasSubstr("126")));
    }
}

// Two records: of the camera, and of the position.
std::string flir(bool big_endian, double latitude, std::size_t pieces) {
  const auto u32 = [&](std::uint64_t value) { return number(value, 4, big_endian); };
  const auto degrees = [](double value) { return number(std::bit_cast<std::uint64_t>(value), 8, false); };
  const std::string camera(100, '\0');
  std::string position = number(latitude != 0 ? 1 : 0, 4, false) + "\2\2\0\0N\0E\0\0\0\0\0"s + degrees(latitude) +
                         degrees(latitude != 0 ? 126.75 : 0);
  position.resize(0x60);
  std::string block = "FFF\0CAMERA"s;
  block.resize(0x14);
  block += u32(100) + u32(0x40) + u32(2);
  block.resize(0x40);
  const auto entry = [&](std::uint64_t type, std::size_t at, std::size_t size) {
    return number(type, 2, big_endian) + number(1, 2, big_endian) + u32(100) + u32(1) + u32(at) + u32(size) +
           std::string(12, '\0');
  };
  block += entry(0x20, 0x80, camera.size()) + entry(0x2B, 0x80 + camera.size(), position.size()) + camera + position;
  std::string segments;
  const std::size_t each = (block.size() + pieces - 1) / pieces;
  for (std::size_t i = 0; i < pieces; ++i)
    segments += segment(
        '\xE1', "FLIR\0\1"s + static_cast<char>(i) + static_cast<char>(pieces - 1) + block.substr(i * each, each));
  return in_jpeg(segments);
}

TEST(PositionBlock, AThermalCamerasRecordGoes) {
  for (const bool big_endian : {false, true})
    for (const std::size_t pieces : {1U, 3U}) {
      const std::string before = flir(big_endian, 37.5, pieces);
      ASSERT_THAT(exiftool({"-FLIR:all"}, before), HasSubstr("GPSLatitude"));
      const std::string said = exiftool({"-FLIR:all"}, cleared(before));
      EXPECT_THAT(said, AllOf(Not(HasSubstr("GPS")), HasSubstr("CreatorSoftware")));
    }
  EXPECT_FALSE(without_position(flir(true, 0, 1)));  // it was asked, and not found
  const std::string unknown = "FFF\0 of a version that nobody knows, 126.75";
  EXPECT_THAT(cleared(in_jpeg(segment('\xE1', "FLIR\0\1\0\0"s + unknown))), Not(HasSubstr("126.75")));
}

std::string gopro_key(const std::string& key, char type, std::size_t size, std::string values) {
  const std::size_t count = values.size() / size;
  values.resize((values.size() + 3) / 4 * 4);
  return key + type + static_cast<char>(size) + number(count, 2) + values;
}

TEST(PositionBlock, GoProsRecordGoes) {
  std::string scale;
  std::string place;
  for (const std::uint64_t value : {10'000'000U, 10'000'000U, 1'000U, 1'000U, 100U}) scale += number(value, 4);
  for (const std::uint64_t value : {375'000'000U, 1'267'500'000U, 30'000U, 0U, 0U}) place += number(value, 4);
  const std::string stream = gopro_key("SCAL", 'l', 4, scale) + gopro_key("GPS5", 'l', 20, place);
  const std::string before = in_jpeg(segment(
      '\xE6',
      "GoPro\0"s + gopro_key("DEVC", '\0', 1, gopro_key("DVNM", 'c', 1, "Hero") + gopro_key("STRM", '\0', 1, stream))));
  ASSERT_THAT(exiftool({"-GoPro:all"}, before), HasSubstr("GPSLatitude"));
  EXPECT_THAT(exiftool({"-GoPro:all"}, cleared(before)), AllOf(Not(HasSubstr("GPS")), HasSubstr("Hero")));
}

TEST(PositionBlock, ExifsOwnTextsAreRead) {
  for (const std::string text : {"lat: 37.5, lon: 126.75", "GPSLatitude=37.5 126.75"}) {
    const std::string value = text + std::string(40 - text.size(), ' ');
    std::string tiff = "II*\0\x08\0\0\0\1\0"s + number(0x010E, 2, false) + number(2, 2, false) + number(40, 4, false) +
                       number(26, 4, false) + std::string(4, '\0') + value;
    EXPECT_THAT(cleared(in_jpeg(segment('\xE1', "Exif\0\0"s + tiff))), Not(HasSubstr("126.75")));
  }
}

TEST(PositionBlock, WhatIsAppendedLosesIts) {
  const std::string picture = encode(draw({}, 120, 90), {.metadata = {.exif_position = true, .xmp_position = true}});
  for (const ImageType type : {ImageType::png, ImageType::webp, ImageType::gif}) {
    const std::string before = plain(type) + picture;
    EXPECT_EQ(cleared(before), plain(type) + without_position(picture).value_or(""));
  }
}

}  // namespace
}  // namespace pipeline::media
