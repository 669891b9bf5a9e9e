#include "xmp.h"

#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

std::string blanked(std::string_view packet) {
  const auto result = xmp_without_position(packet);
  return result ? *result : "unchanged";
}

TEST(Xmp, BlanksAttributes) {
  EXPECT_EQ(blanked(R"(<a b="1" exif:GPSLatitude="37,30N" c='2'/>)"),
            R"(<a b="1" )" + std::string(25, ' ') + R"( c='2'/>)");
  EXPECT_EQ(blanked("<a drone-dji:GpsLongtitude = '126'/>"), "<a " + std::string(31, ' ') + "/>");
}

TEST(Xmp, BlanksElementsWithAllTheyHold) {
  EXPECT_EQ(blanked("<a><exif:GPSLatitude>37</exif:GPSLatitude>x</a>"), "<a>" + std::string(39, ' ') + "x</a>");
  EXPECT_EQ(blanked("<a><exif:GPSLatitude/>x</a>"), "<a>                   x</a>");
  EXPECT_EQ(blanked("<geo:lat><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></geo:lat>"), std::string(56, ' '));
}

TEST(Xmp, LeavesWhatOnlySoundsLikeOne) {
  for (const std::string_view packet : {
           R"(<a xmlns:gps="http://x" photoshop:City="Seoul"><dc:title>Latitude, GPSLatitude</dc:title></a>)",
           "<!-- <exif:GPSLatitude> -->",
           R"(<?xpacket begin="" id="GPSLatitude"?><a/>)",
           "",
       })
    EXPECT_FALSE(xmp_without_position(packet)) << packet;
}

TEST(Xmp, EmptiesWhatItCantReadButNamesOne) {
  for (const std::string_view packet :
       {R"(<a exif:GPSLatitude="37)", "<exif:GPSLatitude>37", "<a <exif:GPSLatitude>", "<a exif:GPSLatitude>"})
    EXPECT_EQ(blanked(packet), std::string(packet.size(), ' ')) << packet;
  const std::string utf16("<\0a\0>\0", 6);
  EXPECT_EQ(blanked(utf16), std::string(6, ' '));
}

TEST(Xmp, LeavesWhatItCantReadAndNamesNone) {
  EXPECT_FALSE(xmp_without_position("<a b=\"1"));
  EXPECT_FALSE(xmp_without_position(std::string("<a/>\0\0", 6)));
}

TEST(Xmp, BlanksTextsThatGiveOne) {
  EXPECT_EQ(blanked("<dc:description>lat: 1, lon: 2</dc:description>"),
            "<dc:description>" + std::string(14, ' ') + "</dc:description>");
  EXPECT_EQ(blanked(R"(<a b="GPSLatitude='1'"/>)"), R"(<a b=")" + std::string(15, ' ') + R"("/>)");
  EXPECT_EQ(blanked("<!-- <exif:GPSLatitude>37 -->"), std::string(29, ' '));
}

}  // namespace
}  // namespace pipeline::media
