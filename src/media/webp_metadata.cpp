#include "metadata.h"

namespace pipeline::media {

// RIFF: a name of four bytes, a size, the content, and a byte more when the size is odd.
Metadata read_webp_metadata(std::string_view bytes) {
  constexpr std::size_t kFileHeader = 12;
  constexpr std::size_t kChunkHeader = 8;
  MetadataCollector collector(bytes);
  std::size_t at = kFileHeader;
  while (bytes.size() >= kChunkHeader && at <= bytes.size() - kChunkHeader) {
    const std::string_view name = bytes.substr(at, 4);
    std::size_t size = 0;
    for (unsigned i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(bytes[at + 4 + i])} << (8 * i);
    at += kChunkHeader;
    if (size > bytes.size() - at) break;
    if (name == "EXIF") collector.add_exif(at, size);
    if (name == "XMP ") collector.add_xmp(at, size);
    at += size + size % 2;
  }
  return collector.take();
}

}  // namespace pipeline::media
