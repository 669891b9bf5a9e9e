#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::media {

// The same packet, of the same size, with white space where it told a position (exif:GPS…, and what drones and others
// call GPS, latitude or longitude, as attributes or elements); absent when it told none. A packet that can't be read to
// its end but names a position becomes white space whole.
[[nodiscard]] std::optional<std::string> xmp_without_position(std::string_view packet);

// Whether a name of XMP or of a PNG text tells a position: `exif:GPSLatitude`, `drone-dji:Longitude`.
[[nodiscard]] bool names_position(std::string_view name);

// Whether the text has such a name anywhere.
[[nodiscard]] bool mentions_position(std::string_view text);

}  // namespace pipeline::media
