#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::media {

// The same packet, of the same size, with white space where it told a position (exif:GPS…, and what drones and others
// call GPS, latitude or longitude, as attributes or elements; texts that give one); absent when it told none. A packet
// that can't be read to its end but names a position becomes white space whole.
[[nodiscard]] std::optional<std::string> xmp_without_position(std::string_view packet);

}  // namespace pipeline::media
