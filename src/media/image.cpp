#include "pipeline/media/image.h"

#include "heif_reader.h"
#include "image_type.h"
#include "look.h"
#include "metadata.h"
#include "reader.h"

#include <utility>

namespace pipeline::media {
namespace {

constexpr auto kSide = static_cast<std::size_t>(kThumbnailSide);
static_assert(kThumbnailSide == kLookSide);

Decoded read(ImageType type, std::string_view bytes) {
  switch (type) {
    case ImageType::png:
      return read_png(bytes);
    case ImageType::webp:
      return read_webp(bytes);
    case ImageType::gif:
      return read_gif(bytes);
    case ImageType::jpeg:
      break;
  }
  return read_jpeg(bytes);
}

void check_without_position(ImageType type, std::string_view bytes, const Metadata& metadata) {
  try {
    (void)read(type, overwritten(bytes, metadata.without_position));
  } catch (const ImageError&) {
    throw_damaged("what names a position can't be told from its pixels; save it anew");
  }
}

// From 5 on, rows and columns change places.
bool is_turned(int orientation) noexcept {
  return orientation >= 5;
}

// Where the pixel that is shown at x, y is stored.
std::size_t stored_at(int orientation, std::size_t x, std::size_t y) {
  const std::size_t far_x = kSide - 1 - x;
  const std::size_t far_y = kSide - 1 - y;
  switch (orientation) {
    case 2:
      return y * kSide + far_x;
    case 3:
      return far_y * kSide + far_x;
    case 4:
      return far_y * kSide + x;
    case 5:
      return x * kSide + y;
    case 6:
      return far_x * kSide + y;
    case 7:
      return far_x * kSide + far_y;
    case 8:
      return x * kSide + far_y;
    default:
      return y * kSide + x;
  }
}

std::vector<std::uint8_t> as_shown(const std::vector<std::uint8_t>& stored, int orientation) {
  std::vector<std::uint8_t> shown;
  shown.reserve(stored.size());
  for (std::size_t y = 0; y < kSide; ++y)
    for (std::size_t x = 0; x < kSide; ++x) {
      const std::size_t at = 3 * stored_at(orientation, x, y);
      shown.insert(shown.end(), {stored[at], stored[at + 1], stored[at + 2]});
    }
  return shown;
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
  const Decoded decoded = read(type, bytes);
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
