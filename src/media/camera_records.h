#pragma once

#include <optional>
#include <string>
#include <string_view>

// What makers of cameras write into segments of their own, with a position among it. The same block, of the same size,
// without the position; absent when it has none.
namespace pipeline::media {

// Of a thermal camera by FLIR (FFF): records, found by a directory. One that can't be read becomes zeros.
[[nodiscard]] std::optional<std::string> flir_without_position(std::string_view block);

// GoPro's (GPMF, github.com/gopro/gpmf-parser): keys, each with its values or with further keys.
[[nodiscard]] std::optional<std::string> gopro_without_position(std::string_view block);

}  // namespace pipeline::media
