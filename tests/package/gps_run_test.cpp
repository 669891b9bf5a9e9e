#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/pictures.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// A post whose pictures, one of each type, tell where they were taken.
class GpsRun : public testing::Test {
 protected:
  GpsRun() {
    const Metadata home{.orientation = 6, .exif_position = true, .xmp_position = true};
    std::uint64_t scene = 1;
    for (const auto& [name, type] :
         {std::pair("images/1.jpg", media::ImageType::jpeg), std::pair("images/2.png", media::ImageType::png),
          std::pair("images/3.webp", media::ImageType::webp)})
      post_.put(name, photo({.seed = scene++}, 320, 240, {.type = type, .metadata = home}));
  }

  // All that another program reads in the metadata, of each picture.
  nlohmann::json tags_of(const std::vector<fs::path>& pictures) {
    std::vector<std::string> command{"exiftool", "-json", "-groupNames1", "-EXIF:all", "-XMP:all"};
    for (const auto& picture : pictures) command.push_back(picture.string());
    auto tags = nlohmann::json::parse(stand_.tool(command).out);
    for (auto& picture : tags) picture.erase("SourceFile");
    return tags;
  }
  // A digest of the pixels as stored, by a decoder that is not ours.
  std::string pixels_of(const fs::path& picture) {
    const Outcome md5 =
        stand_.tool({"ffmpeg", "-v", "error", "-noautorotate", "-i", picture.string(), "-f", "md5", "-"});
    EXPECT_EQ(md5.exit_code, 0) << md5.err;
    return md5.out;
  }

  std::vector<bool> removed_in_report() {
    std::vector<bool> removed;
    const auto report = json_file(stand_.unpack(stand_.unique("A")) / "uniqueness_report.json");
    for (const auto& picture : report["images"]) removed.push_back(picture["position_removed"]);
    return removed;
  }

  PackageStand stand_;
  PostFiles post_ = stand_.post("A", {});
  const std::vector<std::pair<std::string, std::string>> files_ = {
      {"images/1.jpg", "01.jpg"}, {"images/2.png", "02.png"}, {"images/3.webp", "03.webp"}};
};

TEST_F(GpsRun, ThePlaceIsTakenOutAndNothingElse) {
  const auto summary = stand_.build();
  ASSERT_EQ(summary["built"], 1) << summary;
  const auto naver = stand_.unpack(stand_.naver("A"));
  const auto unique = stand_.unpack(stand_.unique("A"));
  std::vector<fs::path> pictures;
  for (const auto& [source, packed] : files_) {
    pictures.push_back(post_ / source);
    pictures.push_back(naver / "images" / packed);
    EXPECT_EQ(pixels_of(naver / "images" / packed), pixels_of(post_ / source)) << source;
    EXPECT_TRUE(read_file(unique / "selected_images" / packed) == read_file(naver / "images" / packed));
  }
  const auto tags = tags_of(pictures);
  for (std::size_t i = 0; i < pictures.size(); i += 2) {
    SCOPED_TRACE(pictures[i]);
    EXPECT_TRUE(tags[i].contains("GPS:GPSLatitude"));
    EXPECT_TRUE(tags[i].contains("XMP-exif:GPSLatitude"));
    EXPECT_TRUE(tags[i].contains("IFD0:Orientation"));
    nlohmann::json others;
    for (const auto& [name, value] : tags[i].items())
      if (name.find("GPS") == std::string::npos) others[name] = value;
    EXPECT_EQ(tags[i + 1], others);
  }
  EXPECT_EQ(removed_in_report(), (std::vector{true, true, true}));
}

TEST_F(GpsRun, ThePlaceIsToldNowhere) {
  const Outcome outcome = stand_.run({stand_.posts().string(), "--log-level", "debug"});
  std::string told = outcome.out + outcome.err;
  for (const auto& folder : {stand_.unpack(stand_.naver("A")), stand_.unpack(stand_.unique("A"))})
    for (const auto& name : names_in(folder))
      if (name.ends_with(".json") || name.ends_with(".html")) told += read_file(folder / name);
  for (const std::string& place : {fmt::format("{}", kLatitude), fmt::format("{}", kLongitude), std::string("37,30"),
                                   std::string("126,45"), std::string("GPS")})
    EXPECT_THAT(told, Not(HasSubstr(place)));
}

TEST_F(GpsRun, KeepGpsKeepsEveryByte) {
  ASSERT_EQ(stand_.build({"--keep-gps"})["built"], 1);
  const auto naver = stand_.unpack(stand_.naver("A"));
  for (const auto& [source, packed] : files_)
    EXPECT_TRUE(read_file(naver / "images" / packed) == read_file(post_ / source)) << source;
  EXPECT_EQ(removed_in_report(), (std::vector{false, false, false}));
}

}  // namespace
}  // namespace pipeline::test
