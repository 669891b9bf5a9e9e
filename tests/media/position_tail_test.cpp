#include "pipeline/base/file.h"
#include "pipeline/media/image.h"

#include "support/pictures.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/videos.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

// What phones append to a picture, and what of it tells a position: further pictures that are found by their offsets,
// films, trailers; with and without order. Nothing may move.
namespace pipeline::media {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using pipeline::test::draw;
using pipeline::test::encode;
using pipeline::test::TempDir;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr auto kInExif = "\x7E\0\0\0\x01\0\0\0\x2D\0\0\0\x01"sv;
constexpr auto kInXmp = "126,45"sv;

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string plain(std::uint64_t seed = 1) {
  return encode(draw({.seed = seed}, 120, 90));
}
std::string with_position(std::uint64_t seed = 1) {
  return encode(draw({.seed = seed}, 120, 90), {.metadata = {.exif_position = true, .xmp_position = true}});
}

std::string big_endian(std::size_t value, unsigned size) {
  std::string bytes;
  for (unsigned i = size; i > 0; --i) bytes += static_cast<char>(value >> (8 * (i - 1)));
  return bytes;
}
std::string little_endian(std::size_t value) {
  std::string bytes = big_endian(value, 4);
  return {bytes.rbegin(), bytes.rend()};
}

std::string tail_segment(char marker, const std::string& content) {
  return "\xFF"s + marker + big_endian(content.size() + 2, 2) + content;
}

// Without any position, of the same size, and the same when it is done again.
std::string cleared_tail(const std::string& bytes) {
  const auto after = without_position(bytes);
  EXPECT_TRUE(after);
  if (!after) return bytes;
  EXPECT_EQ(after->size(), bytes.size());
  EXPECT_FALSE(without_position(*after));
  EXPECT_THAT(*after, Not(HasSubstr(kInExif)));
  EXPECT_THAT(*after, Not(HasSubstr(kInXmp)));
  EXPECT_EQ(examine_image(*after).perceptual_hash, examine_image(bytes).perceptual_hash);
  return *after;
}

std::string exiftool_of(const std::vector<std::string>& options, const std::string& bytes) {
  const TempDir folder;
  write_file(folder / "picture.jpg", bytes);
  std::vector<std::string> command{"/usr/bin/env", "exiftool"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back((folder / "picture.jpg").string());
  test::Process process(command, {}, folder.path());
  return process.wait().out;
}

// A picture that says where the second begins, in the way of CIPA DC-007 and, as gain maps do, by its length in XMP.
std::string multi_picture(const std::string& first, const std::string& before_mpf, const std::string& behind_mpf,
                          const std::string& second) {
  const std::string xmp = tail_segment(
      '\xE1',
      "http://ns.adobe.com/xap/1.0/\0"s +
          fmt::format(
              R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
              R"(<rdf:Description xmlns:Container="http://ns.google.com/photos/1.0/container/" )"
              R"(xmlns:Item="http://ns.google.com/photos/1.0/container/item/" xmlns:exif="http://ns.adobe.com/exif/1.0/" )"
              R"(exif:GPSLongitude="126,45.0E"><Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource">)"
              R"(<Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="{}"/>)"
              R"(</rdf:li></rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>)",
              second.size()));
  constexpr std::size_t kMpf = 2 + 2 + 4 + 50 + 32;
  const std::size_t header = 2 + before_mpf.size() + xmp.size() + 8;  // what the offsets count from
  const std::size_t size = first.size() + before_mpf.size() + xmp.size() + kMpf + behind_mpf.size();
  std::string mpf = "MPF\0II*\0\x08\0\0\0\x03\0"s;
  mpf +=
      "\0\xB0\x07\0\x04\0\0\0"
      "0100"s +
      "\x01\xB0\x04\0\x01\0\0\0\x02\0\0\0"s + "\x02\xB0\x07\0\x20\0\0\0\x32\0\0\0"s;
  mpf += "\0\0\0\0"s;
  mpf += little_endian(0x20030000) + little_endian(size) + "\0\0\0\0\0\0\0\0"s;
  mpf += little_endian(0) + little_endian(second.size()) + little_endian(size - header) + "\0\0\0\0"s;
  return first.substr(0, 2) + before_mpf + xmp + tail_segment('\xE2', mpf) + behind_mpf + first.substr(2) + second;
}

TEST(PositionTail, ASecondPictureIsFoundByItsOffsetWhateverIsTakenOut) {
  const std::string second = with_position(2);
  const std::string comment = tail_segment('\xFE', "GPSLatitude=37.5 GPSLongitude=126,45");
  const std::string record = tail_segment('\xEB', "HDR_RI exif:GPSLongitude: 126,45.0E"s);
  for (const auto& [before, behind] : {std::pair(comment, ""s), std::pair(""s, comment), std::pair(record, comment)}) {
    const std::string bytes = multi_picture(with_position(), before, behind, second);
    const std::string after = cleared_tail(bytes);
    EXPECT_EQ(exiftool_of({"-b", "-MPImage2"}, bytes), second) << "the sample itself";
    EXPECT_EQ(exiftool_of({"-b", "-MPImage2"}, after), cleared_tail(second));
    EXPECT_EQ(after.substr(after.size() - second.size()), cleared_tail(second));
    EXPECT_THAT(after, HasSubstr(fmt::format("Item:Length=\"{}\"", second.size())));
  }
}

// Thumbnails, false starts, segments that lead out of the file, and bytes of no meaning stand before the second
// picture.
TEST(PositionTail, APictureBehindAnOddTailLosesItsPosition) {
  const std::string second = with_position(2);
  for (const std::string& odd : {
           ""s,
           "\0\0\0\0\0"s,
           "\xFF\xD8\xFF"s,
           "\xFF\xD8\xFF\xE1"s,
           "\xFF\xD8\xFF\xE1\xFF\xFF"s,
           "\xFF\xD8\xFF\xDB\0\1"s,
           "\xFF\xD8\xFF\xE1\2\0 leads into the next picture"s,
           "\xFF\xD8\xFF\xE0\0\x10JFIF"s,
           "\xFF\xD8\xFF\xDA\0\x02\xFF\xD9"s,
           "\xFF\xD8\xFF\xD8\xFF\xD8"s,
           "\xFF\xE1\xFF\xFF\xFF\xFE\xFF\xFF"s,
       }) {
    SCOPED_TRACE(testing::PrintToString(odd));
    const std::string after = cleared_tail(plain() + odd + second);
    EXPECT_EQ(after, plain() + odd + cleared_tail(second));
    EXPECT_EQ(cleared_tail(with_position() + odd + second + odd),
              cleared_tail(with_position()) + odd + cleared_tail(second) + odd);
  }
}

TEST(PositionTail, TheOrientationIsThatOfThePictureShown) {
  const std::string turned = encode(draw({}, 120, 90), {.metadata = {.orientation = 6}});
  EXPECT_EQ(examine_image(plain() + turned).width, 120);
}

std::string md5_of(std::string_view bytes) {
  std::array<unsigned char, 16> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr);
  return fmt::format("{:02X}", fmt::join(digest, ""));
}

// The pieces of a long packet, in the order that is asked for, before an odd tail.
TEST(PositionTail, ExtendedXmpKeepsAllButThePosition) {
  const std::string before = "<a><exif:GPSLongitude>126,45.0E</exif:GPSLongitude><GImage:Data>"s + std::string(90, 'd');
  const std::string packet = before + "</GImage:Data></a>";
  std::string expected = packet;
  expected.replace(3, 48, 48, ' ');
  const auto file = [](const std::string& text, bool last_first) {
    const std::string guid = md5_of(text);
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < text.size(); at += 20)
      pieces.push_back(tail_segment('\xE1', "http://ns.adobe.com/xmp/extension/\0"s + guid +
                                                big_endian(text.size(), 4) + big_endian(at, 4) + text.substr(at, 20)));
    if (last_first) std::ranges::reverse(pieces);
    const std::string main =
        tail_segment('\xE1', "http://ns.adobe.com/xap/1.0/\0<a xmpNote:HasExtendedXMP='"s + guid + "'/>");
    return plain().insert(2, main + fmt::format("{}", fmt::join(pieces, ""))) + "\xFF\xD8\xFF\xE1\xFF\xFF";
  };
  for (const bool last_first : {false, true})
    EXPECT_EQ(cleared_tail(file(packet, last_first)), file(expected, last_first));
}

TEST(PositionTail, BlocksThatOverlapWithoutEndAreRefused) {
  std::string bytes = plain();
  bytes.resize(bytes.size() - 2);
  std::string segments;
  for (int i = 0; i < 100'000; ++i)
    segments +=
        "\xFF\xD8\xFF\xE1\xFF\x00"
        "Exif\0\0II*\0"s;
  bytes += "\xFF\xD9" + segments;
  EXPECT_THROW(static_cast<void>(without_position(bytes)), ImageError);
}

class Film : public testing::Test {
 protected:
  // Of a phone that says where it was taken, in the way of its maker.
  std::string film(const std::string& name, const std::vector<std::string>& options) {
    test::make_video(folder_ / name, {.scenes = {0, 1}, .seconds = 1, .width = 64, .height = 48, .output = options});
    return read_file(folder_ / name);
  }
  std::string ffprobe(const std::string& film) {
    write_file(folder_ / "film", film);
    test::Process process(
        {"/usr/bin/env", "ffprobe", "-v", "error", "-show_entries",
         "format=size,duration:format_tags:stream=codec_name,nb_frames", "-of", "flat", (folder_ / "film").string()},
        {}, folder_.path());
    const test::Outcome outcome = process.wait();
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }

  const TempDir folder_;
  const std::string picture_ = plain();
  const std::vector<std::string> place_{"-metadata", "location=+37.5000+126.7500/", "-metadata", "title=street"};
  const std::vector<std::string> keys_{"-metadata", "com.apple.quicktime.location.ISO6709=+37.5000+126.7500/",
                                       "-metadata", "com.apple.quicktime.title=street",
                                       "-movflags", "use_metadata_tags"};
};

TEST_F(Film, KeepsAllButItsPosition) {
  for (const auto& [name, options] :
       {std::pair("a.mp4", place_), std::pair("b.mov", keys_), std::pair("c.mp4", keys_), std::pair("e.mov", place_)}) {
    SCOPED_TRACE(name);
    const std::string before = film(name, options);
    ASSERT_THAT(ffprobe(before), HasSubstr("126.7500"));
    const std::string after = cleared_tail(picture_ + before).substr(picture_.size());
    EXPECT_THAT(after, Not(HasSubstr("126.75")));
    std::string said = ffprobe(after);
    EXPECT_THAT(said, Not(HasSubstr("location")));
    EXPECT_THAT(said, HasSubstr("street"));
    EXPECT_THAT(said, HasSubstr("codec_name=\"h264\""));
  }
}

TEST_F(Film, OfAnOldPhoneKeepsAllButItsPosition) {
  const std::string before = film("d.3gp", place_);
  ASSERT_THAT(ffprobe(before), HasSubstr("126.7500"));
  const std::string after = cleared_tail(picture_ + before).substr(picture_.size());
  EXPECT_THAT(ffprobe(after), Not(HasSubstr("126.75")));
  EXPECT_THAT(after, Not(HasSubstr("loci")));
  EXPECT_THAT(after, HasSubstr("street"));
}

TEST_F(Film, IsFoundWhereverItStands) {
  const std::string taken = film("a.mp4", place_);
  const std::string other = film("b.mp4", {});
  for (const std::string& tail : {"\0\0\x30\x0A\x10\0\0\0MotionPhoto_Data"s + taken + "SEFH...SEFT", other + taken,
                                  "\xFF\xD8\xFF\xE1\xFF\xFF"s + taken, with_position(2) + taken + with_position(3)}) {
    const std::string after = cleared_tail(picture_ + tail);
    EXPECT_THAT(after, Not(HasSubstr("126.75")));
    EXPECT_THAT(after, HasSubstr("street"));
  }
  EXPECT_FALSE(without_position(picture_ + other));
}

TEST_F(Film, ThatCanNotBeReadIsOverwritten) {
  const std::string film(
      "\0\0\0\x18"
      "ftypmp42....moov",
      20);
  const std::string after = cleared_tail(picture_ + film + "\xA9xyz+37.5000+126.7500/");
  EXPECT_EQ(after, picture_ + std::string(after.size() - picture_.size(), '\0'));
  EXPECT_FALSE(without_position(picture_ + film));
}

// As a panorama of Samsung ends: blocks, a directory that tells how far before it each begins.
std::string samsung_trailer(const std::string& film) {
  const std::string block = "\0\0\x30\x0A\x10\0\0\0MotionPhoto_Data"s + film;
  const std::string directory =
      "SEFH\x6A\0\0\0\1\0\0\0\0\0\x30\x0A"s + little_endian(block.size()) + little_endian(block.size());
  return block + directory + little_endian(directory.size()) + "SEFT";
}

TEST_F(Film, APictureWithoutItsEndMarkerIsWholeBeforeAKnownTail) {
  const std::string taken = film("a.mp4", place_);
  for (const bool progressive : {false, true}) {
    const std::string whole = encode(draw({}, 200, 150), {.progressive = progressive});
    const std::string endless = whole.substr(0, whole.size() - 2);
    for (const std::string& tail : {samsung_trailer(taken), taken, with_position(2), with_position(2) + taken}) {
      const Image image = examine_image(endless + tail);
      EXPECT_EQ(image.perceptual_hash, examine_image(whole).perceptual_hash);
      EXPECT_EQ(image.note, "has no end marker before what is appended to it; every pixel is there");
      EXPECT_TRUE(image.has_position);
      EXPECT_THAT(cleared_tail(endless + tail), StartsWith(endless));
      EXPECT_EQ(examine_image(whole + tail).note, "");
    }
  }
}

TEST_F(Film, APictureThatLacksPixelsIsCutShortBeforeAnyTail) {
  const std::string taken = film("a.mp4", place_);
  const std::string whole = encode(draw({}, 200, 150));
  for (const std::size_t missing : {20U, 200U, 2000U})
    for (const std::string& tail : {samsung_trailer(taken), taken, with_position(2), std::string(64, '\0')})
      EXPECT_THROW(static_cast<void>(examine_image(whole.substr(0, whole.size() - missing) + tail)), ImageError);
}

}  // namespace
}  // namespace pipeline::media
