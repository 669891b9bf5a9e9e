#include "bytes.h"
#include "metadata.h"
#include "position_text.h"

#include <algorithm>
#include <array>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

bool tells_of_pixels(std::string_view name) {
  constexpr std::array kNames{"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv, "ICCP"sv};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

// RIFF: a name of four bytes, a size, the content, and a byte more when the size is odd.
Metadata read_webp_metadata(std::string_view bytes) {
  constexpr std::size_t kFileHeader = 12;
  constexpr std::size_t kChunkHeader = 8;
  MetadataCollector collector(bytes);
  std::size_t at = kFileHeader;
  while (bytes.size() >= kChunkHeader && at <= bytes.size() - kChunkHeader) {
    const std::string_view name = bytes.substr(at, 4);
    const std::size_t size = little_endian(bytes.substr(at + 4, 4));
    at += kChunkHeader;
    if (size > bytes.size() - at) break;
    if (name == "EXIF")
      collector.add_exif(at, size);
    else if (name == "XMP ")
      collector.add_xmp(at, size);
    else if (!tells_of_pixels(name) && tells_position(bytes.substr(at, size)))
      collector.fill(at, size, '\0');
    at += size + size % 2;
  }
  if (bytes.size() >= kFileHeader) read_tail(bytes, kChunkHeader + little_endian(bytes.substr(4, 4)), collector);
  return collector.take();
}

}  // namespace pipeline::media
