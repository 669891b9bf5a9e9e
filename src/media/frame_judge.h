#pragma once

#include "pipeline/media/perceptual_hash.h"

namespace pipeline::media {

enum class Shade { dark, normal, bright };

// Whether a frame shows nothing: black as before a fade-in, white as in a flash. A picture of something in the dark or
// on a white ground has spread, and is normal.
[[nodiscard]] Shade shade_of(const GrayPicture& picture) noexcept;

}  // namespace pipeline::media
