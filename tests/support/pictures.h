#pragma once

#include "pipeline/media/image.h"

#include <cstdint>
#include <string>
#include <vector>

// Sample pictures, made in memory and the same on every run.
namespace pipeline::test {

// What is in the picture: an object of some parts before a background, with shades, texture and grain as a camera has
// them. Another seed shows another object; another view shows the same object from elsewhere, in other light, before
// another background.
struct Scene {
  std::uint64_t seed = 1;
  std::uint64_t view = 0;
  std::uint64_t backdrop = 0;  // 0: each view brings its own; else the same in all views
  bool studio = false;         // before plain white, with nothing beside the object
  double grain = 5;            // standard deviation of the noise; it is what fills the bytes of a photo
};

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // row by row, without padding
};

[[nodiscard]] Pixels draw(const Scene& scene, int width, int height);
[[nodiscard]] Pixels filled(int width, int height, std::uint8_t level);
[[nodiscard]] Pixels resize(const Pixels& picture, int width, int height);
// Without these shares of the width and height.
[[nodiscard]] Pixels crop(const Pixels& picture, double left, double top, double right, double bottom);
// Each level becomes (level - 128) * contrast + 128 + brightness.
[[nodiscard]] Pixels adjust(const Pixels& picture, double brightness, double contrast);
// As the pixels must be stored for a viewer that obeys the EXIF orientation (1 to 8) to show `picture`.
[[nodiscard]] Pixels stored_for_orientation(const Pixels& picture, int orientation);

// What EXIF and XMP say. Any of it brings EXIF with a camera, a time, a maker note and a thumbnail.
struct Metadata {
  int orientation = 0;         // 1 to 8; 0: not said
  bool exif_position = false;  // GPS IFD at kLatitude, kLongitude
  bool xmp_position = false;   // exif:GPSLatitude and others, beside a tool's name
  bool camera = false;         // EXIF, even when nothing else is asked for
  bool big_endian = false;
};
inline constexpr double kLatitude = 37.5;
inline constexpr double kLongitude = 126.75;

struct Encoding {
  media::ImageType type = media::ImageType::jpeg;  // a GIF holds no metadata
  int quality = 93;                                // of JPEG and WebP
  bool progressive = false;                        // JPEG
  Metadata metadata{};
};

// The file. With an orientation, the pixels are stored so that the picture shown stays the same.
[[nodiscard]] std::string encode(const Pixels& picture, const Encoding& encoding = {});

// Draws and encodes: JPEG and PNG row by row, so that 48 megapixels take little memory. 12 megapixels make a JPEG of
// about 3.6 MB.
[[nodiscard]] std::string photo(const Scene& scene, int width, int height, const Encoding& encoding = {});

}  // namespace pipeline::test
