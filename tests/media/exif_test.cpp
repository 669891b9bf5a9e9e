#include "exif.h"

#include <gtest/gtest.h>

namespace pipeline::media {
namespace {

void put(std::string& bytes, unsigned value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
}

void put_entry(std::string& bytes, unsigned tag, unsigned type, unsigned count, unsigned value) {
  put(bytes, tag, 2);
  put(bytes, type, 2);
  put(bytes, count, 4);
  put(bytes, value, 4);
}

std::string header() {
  return {"II*\0\x08\0\0\0", 8};
}

constexpr unsigned kOrientation = 0x0112;
constexpr unsigned kGps = 0x8825;
constexpr unsigned kLong = 4;

TEST(Exif, AllPointersToPositionsGoAndTheRestMovesUp) {
  std::string tiff = header();
  put(tiff, 4, 2);
  put_entry(tiff, kGps, kLong, 1, 100);
  put_entry(tiff, kOrientation, 3, 1, 6);
  put_entry(tiff, kGps, kLong, 1, 100);
  put_entry(tiff, 0x0131, 2, 4, 0x00414141);
  put(tiff, 0, 4);
  std::string expected = header();
  put(expected, 2, 2);
  put_entry(expected, kOrientation, 3, 1, 6);
  put_entry(expected, 0x0131, 2, 4, 0x00414141);
  expected.append(tiff.size() - expected.size(), '\0');

  const Exif exif = read_exif(tiff);
  EXPECT_EQ(exif.without_position, expected);
  EXPECT_EQ(exif.orientation, 6);
  EXPECT_FALSE(read_exif(expected).without_position);
}

// Each of these would take minutes if an entry cost more than itself.
TEST(Exif, AsManyEntriesAsADirectoryCanHaveAreReadOnce) {
  constexpr unsigned kMost = 0xFFFF;
  std::string same = header();
  put(same, kMost, 2);
  for (unsigned i = 0; i < kMost; ++i) put_entry(same, kGps, kLong, 1, 4);
  put(same, 0, 4);
  const std::string empty_directory = header() + std::string(same.size() - 8, '\0');
  EXPECT_EQ(read_exif(same).without_position, empty_directory);

  std::string different = header();
  put(different, kMost, 2);
  for (unsigned i = 0; i < kMost; ++i) put_entry(different, kGps, kLong, 1, 8 + i);
  put(different, 0, 4);
  EXPECT_EQ(read_exif(different).without_position, std::string(different.size(), '\0'));
}

TEST(Exif, ValuesOfAPositionThatOverlapAreErasedOnce) {
  constexpr unsigned kMost = 0xFFFF;
  constexpr unsigned kGpsAt = 8 + 2 + 12 + 4;
  std::string tiff = header();
  put(tiff, 1, 2);
  put_entry(tiff, kGps, kLong, 1, kGpsAt);
  put(tiff, 0, 4);
  put(tiff, kMost, 2);
  const unsigned values_at = kGpsAt + 2 + 12 * kMost;
  for (unsigned i = 0; i < kMost; ++i) put_entry(tiff, 2, 5, 100'000, values_at);
  tiff.append(800'000, 'p');
  const Exif exif = read_exif(tiff);
  ASSERT_TRUE(exif.without_position);
  EXPECT_EQ(exif.without_position->find_first_not_of('\0', 8), std::string::npos);
}

TEST(Exif, LongPacketsThatAreNamedOftenAreEmptied) {
  constexpr unsigned kXmp = 0x02BC;
  constexpr unsigned kMost = 0xFFFF;
  std::string tiff = header();
  put(tiff, kMost, 2);
  for (unsigned i = 0; i < kMost; ++i) put_entry(tiff, kXmp, 1, 700'000, 0);
  put(tiff, 0, 4);
  EXPECT_EQ(read_exif(tiff).without_position, std::string(tiff.size(), '\0'));
}

}  // namespace
}  // namespace pipeline::media
