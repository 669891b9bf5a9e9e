#include "photoshop_metadata.h"

#include "bytes.h"

#include <algorithm>

namespace pipeline::media {
// Each is `8BIM`, a number, a name padded to be even, a size, the content padded to be even.
void read_photoshop(std::string_view file, std::size_t at, std::size_t end, MetadataCollector& collector) {
  constexpr std::size_t kExif = 0x0422;
  constexpr std::size_t kExifMore = 0x0423;
  constexpr std::size_t kXmp = 0x0424;
  while (at <= end && end - at >= 12 && file.substr(at, 4) == "8BIM") {
    const std::size_t resource = big_endian(file.substr(at + 4, 2));
    at += 6 + (big_endian(file.substr(at + 6, 1)) + 2) / 2 * 2;
    if (at > end || end - at < 4) return;
    const std::size_t said = big_endian(file.substr(at, 4));
    at += 4;
    const std::size_t size = std::min(said, end - at);  // it may go on in another segment
    if (resource == kExif || resource == kExifMore) collector.add_exif(at, size);
    if (resource == kXmp) collector.add_xmp(at, size);
    at = std::min(at + size + size % 2, end);
  }
}

}  // namespace pipeline::media
