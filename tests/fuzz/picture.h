#pragma once

#include "pipeline/media/image.h"

#include "media/metadata.h"
#include "target.h"

#include <optional>
#include <string>
#include <string_view>

// What holds of pictures of every type.
namespace pipeline::fuzz {

inline void try_picture(media::ImageType type, std::string_view bytes) {
  std::optional<media::Image> image;
  try {
    image = media::examine_image(bytes);
    require(image->width > 0 && image->height > 0, "a picture has pixels");
  } catch (const media::ImageError& error) {
    require(std::string_view(error.what()).size() > 5, "a refusal has a reason");
  }
  // Also of pictures that are refused: what reads the metadata must not rely on the reader.
  std::string after;
  int orientation = 1;
  try {
    const media::Metadata metadata = media::read_metadata(type, bytes);
    if (metadata.without_position.empty()) return;
    after = media::overwritten(bytes, metadata.without_position);
    orientation = metadata.orientation;
  } catch (const media::ImageError&) {
    return;
  }
  require(after.size() == bytes.size(), "the size stays");
  require(after != bytes, "a change changes something");
  const media::Metadata left = media::read_metadata(type, after);
  require(left.without_position.empty(), "no position is left");
  if (!image) return;
  const media::Image cleared = media::examine_image(after);
  require(cleared.perceptual_hash == image->perceptual_hash || left.orientation != orientation, "it shows the same");
}

}  // namespace pipeline::fuzz
