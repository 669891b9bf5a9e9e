#include "pipeline/media/image.h"

#include "heif_reader.h"
#include "image_type.h"
#include "look.h"
#include "metadata.h"
#include "upright.h"

#include <utility>

namespace pipeline::media {
namespace {

static_assert(kThumbnailSide == kLookSide);

void check_without_position(ImageType type, std::string_view bytes, const Metadata& metadata) {
  try {
    (void)read_picture(type, overwritten(bytes, metadata.without_position));
  } catch (const ImageError&) {
    throw_damaged("what names a position can't be told from its pixels; save it anew");
  }
}

}  // namespace

std::string_view to_string(ImageType type) noexcept {
  switch (type) {
    case ImageType::png:
      return "png";
    case ImageType::webp:
      return "webp";
    case ImageType::gif:
      return "gif";
    case ImageType::jpeg:
      break;
  }
  return "jpeg";
}

std::string_view extension_of(ImageType type) noexcept {
  switch (type) {
    case ImageType::png:
      return ".png";
    case ImageType::webp:
      return ".webp";
    case ImageType::gif:
      return ".gif";
    case ImageType::jpeg:
      break;
  }
  return ".jpg";
}

std::optional<ConvertedImage> convert_image(std::string_view bytes) {
  if (!is_heif(bytes)) return std::nullopt;
  return convert_heif(bytes);
}

Image examine_image(std::string_view bytes) {
  const ImageType type = image_type(bytes);
  const Decoded decoded = read_picture(type, bytes);
  const Metadata metadata = read_metadata(type, bytes);
  if (metadata.may_hurt) check_without_position(type, bytes, metadata);
  Image image{.type = type, .width = decoded.width, .height = decoded.height};
  if (is_turned(metadata.orientation)) std::swap(image.width, image.height);
  Appearance appearance = appearance_of(as_shown(decoded.thumbnail, metadata.orientation));
  image.perceptual_hash = appearance.hash;
  image.look = std::move(appearance.look);
  image.note = decoded.note;
  image.has_position = !metadata.without_position.empty();
  return image;
}

std::optional<std::string> without_position(std::string_view bytes) {
  const Metadata metadata = read_metadata(image_type(bytes), bytes);
  if (metadata.without_position.empty()) return {};
  return overwritten(bytes, metadata.without_position);
}

}  // namespace pipeline::media
