#pragma once

#include <string_view>

// Words that tell a position, as programs write them into metadata, comments and captions.
namespace pipeline::media {

// Whether a name of XMP or of a PNG text tells a position: `exif:GPSLatitude`, `drone-dji:Longitude`.
[[nodiscard]] bool names_position(std::string_view name);

// Whether the text has such a name of XMP anywhere.
[[nodiscard]] bool mentions_position(std::string_view text);

// Whether the bytes have the name of EXIF's or XMP's position anywhere.
[[nodiscard]] bool mentions_gps(std::string_view bytes);

// Whether a text gives a position: a name and a number behind it (`GPSLatitude=37.5`, `{"lat": 37.5, "lon": 126.7}`),
// two numbers of degrees (37°30'12"N, 126°45'0"E), or those of ISO 6709 (+37.5000+126.7500). Texts of two bytes a
// character are read, too. Linear.
[[nodiscard]] bool gives_position(std::string_view text);

// Of a text that nobody but a reader understands, such as a comment: whether it gives a position, or mentions EXIF's.
[[nodiscard]] inline bool tells_position(std::string_view text) {
  return mentions_gps(text) || gives_position(text);
}

}  // namespace pipeline::media
