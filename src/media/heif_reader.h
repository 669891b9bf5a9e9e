#pragma once

#include "pipeline/media/image.h"

#include <string_view>

namespace pipeline::media {

// By its brands: HEIC, HEIF, AVIF (ISO 23008-12, 10.2).
[[nodiscard]] bool is_heif(std::string_view bytes);

// Of such a file. Throws ImageError.
[[nodiscard]] ConvertedImage convert_heif(std::string_view bytes);

}  // namespace pipeline::media
