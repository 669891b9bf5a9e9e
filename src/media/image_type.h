#pragma once

#include "pipeline/media/image.h"

#include <string_view>

namespace pipeline::media {

// By how the content begins. Throws ImageError, which says what it is in place of a picture.
[[nodiscard]] ImageType image_type(std::string_view bytes);

}  // namespace pipeline::media
