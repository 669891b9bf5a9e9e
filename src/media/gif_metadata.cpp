#include "metadata.h"

namespace pipeline::media {

// XMP lies in an application extension as plain text, not in sub-blocks; what follows it leads readers who take it for
// sub-blocks to its end, from wherever they come (XMP specification part 3, 1.1.2).
Metadata read_gif_metadata(std::string_view bytes) {
  constexpr std::string_view kExtension = "\x21\xFF\x0BXMP DataXMP";
  constexpr std::string_view kTrailerStart("\x01\xFF\xFE\xFD", 4);
  MetadataCollector collector(bytes);
  for (std::size_t at = bytes.find(kExtension); at != std::string_view::npos; at = bytes.find(kExtension, at)) {
    at += kExtension.size();
    const std::size_t end = bytes.find(kTrailerStart, at);
    if (end == std::string_view::npos) break;
    collector.add_xmp(at, end - at);
    at = end;
  }
  return collector.take();
}

}  // namespace pipeline::media
