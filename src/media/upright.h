#pragma once

#include "pipeline/media/image.h"

#include "reader.h"

#include <cstdint>
#include <string_view>
#include <vector>

// What EXIF's orientation, 1 to 8, makes of a picture.
namespace pipeline::media {

// By the reader of its format. Throws ImageError.
[[nodiscard]] Decoded read_picture(ImageType type, std::string_view bytes);

// Whether rows and columns change places.
[[nodiscard]] bool is_turned(int orientation) noexcept;
// A thumbnail of kThumbnailSide squared as it is shown.
[[nodiscard]] std::vector<std::uint8_t> as_shown(const std::vector<std::uint8_t>& stored, int orientation);

}  // namespace pipeline::media
