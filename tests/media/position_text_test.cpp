#include "position_text.h"

#include <gtest/gtest.h>

#include <string>

namespace pipeline::media {
namespace {

TEST(PositionText, ANameAndANumberGiveOne) {
  for (const char* text :
       {"GPSLatitude=37.5", "Latitude 37.5 Longitude 126.7", R"({"lat": 37.5, "lon":-126.7})", "lat=37.5;long=126.7",
        "GPS: N37.5, E126.7", "<dwc:decimalLatitude>37.5</dwc:decimalLatitude>", "geo:37.5,126.7", "+37.5000+126.7500/",
        "37\xC2\xB0"
        "30'12\"N 126\xC2\xB0"
        "45'E"})
    EXPECT_TRUE(gives_position(text)) << text;
}

TEST(PositionText, OtherNumbersGiveNone) {
  for (const char* text :
       {"", "a nice latitude", "long: 30 cm", "lat: 3", "GPS 2 in 1", "37\xC2\xB0 in the shade, N of here",
        "+82-10-1234", "12+34.5000", "geometry:3", "Made in 2026, 100% cotton", "plate: 12, flong: 3"})
    EXPECT_FALSE(gives_position(text)) << text;
}

TEST(PositionText, TextsOfTwoBytesACharacterAreRead) {
  std::string wide;
  for (const char c : std::string("lat: 37.5, lon: 126.7")) (wide += c) += '\0';
  EXPECT_TRUE(gives_position(wide));
}

// Whatever stands there, each character costs the same.
TEST(PositionText, LongTextsAreReadInOnePass) {
  for (const std::string piece : {"a:1", "1 ", "lat=", "=1", "N", "1\xC2\xB0"}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    EXPECT_FALSE(gives_position(text)) << piece;
  }
}

TEST(PositionText, APositionIsKnownByWhatItsNameMeans) {
  for (const char* name : {"dwc:decimalLatitude", "x:DCDecimalLongitude", "drone-dji:GpsLongtitude", "a:geotag"})
    EXPECT_TRUE(names_position(name)) << name;
  for (const char* name : {"dc:title", "xmp:Rating", "crs:Flatness", "photoshop:Longest"})
    EXPECT_FALSE(names_position(name)) << name;
}

}  // namespace
}  // namespace pipeline::media
