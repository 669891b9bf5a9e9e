#include "metadata.h"

#include "exif.h"
#include "xmp.h"

#include <utility>

namespace pipeline::media {

Metadata read_metadata(ImageType type, std::string_view bytes) {
  switch (type) {
    case ImageType::png:
      return read_png_metadata(bytes);
    case ImageType::webp:
      return read_webp_metadata(bytes);
    case ImageType::gif:
      return read_gif_metadata(bytes);
    case ImageType::jpeg:
      break;
  }
  return read_jpeg_metadata(bytes);
}

void MetadataCollector::add_exif(std::size_t at, std::size_t size) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  if (file_.substr(at, size).starts_with(kPrefix)) {
    at += kPrefix.size();
    size -= kPrefix.size();
  }
  Exif exif = read_exif(file_.substr(at, size));
  if (!std::exchange(has_exif_, true)) metadata_.orientation = exif.orientation;
  if (exif.without_position) replace(at, size, std::move(*exif.without_position));
}

void MetadataCollector::add_xmp(std::size_t at, std::size_t size) {
  auto scrubbed = xmp_without_position(file_.substr(at, size));
  if (scrubbed) replace(at, size, std::move(*scrubbed));
}

void MetadataCollector::replace(std::size_t at, std::size_t size, std::string bytes) {
  metadata_.without_position.push_back({at, size, std::move(bytes)});
}

}  // namespace pipeline::media
