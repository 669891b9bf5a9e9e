#include "metadata.h"
#include "xmp.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kStart = "\xFF\xD8\xFF";

constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kFirstApp = 0xE0;
constexpr unsigned kExifApp = 0xE1;
constexpr unsigned kIccApp = 0xE2;
constexpr unsigned kLastApp = 0xEF;
constexpr unsigned kComment = 0xFE;

struct Segment {
  std::size_t at = 0;  // of its marker
  std::size_t size = 0;
};

// An XMP packet too long for one segment goes on in these, each a piece of text that knows its offset in the whole.
struct ExtendedXmp {
  std::vector<Segment> segments;
  std::vector<std::pair<std::string, std::string_view>> pieces;  // offset as big-endian bytes
};

class Walker {
 public:
  explicit Walker(std::string_view bytes) : bytes_(bytes), collector_(bytes) {}

  Metadata run() {
    std::size_t at = walk_picture(0);
    // Behind the picture there may be others (previews, depth maps) with metadata of their own, and a film.
    while (at != kNone) {
      const std::size_t film = film_with_position(at);
      const std::size_t picture = bytes_.find(kStart, at);
      if (film != kNone && (picture == kNone || film < picture)) {
        collector_.replace(film, bytes_.size() - film, {});
        break;
      }
      at = picture == kNone ? kNone : walk_picture(picture);
    }
    return collector_.take();
  }

 private:
  [[nodiscard]] unsigned u8(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }

  // Returns what is behind its end marker.
  std::size_t walk_picture(std::size_t at) {
    ExtendedXmp extended;
    at += 2;
    for (at = next_marker(at); at != kNone; at = next_marker(at)) {
      const unsigned marker = u8(at + 1);
      if (marker == kEndOfImage) break;
      if (at + 4 > bytes_.size()) return kNone;
      const std::size_t size = u8(at + 2) << 8U | u8(at + 3);
      if (size < 2 || size + 2 > bytes_.size() - at) return kNone;
      if (marker != kStartOfScan) read_segment(marker, {at, size + 2}, extended);
      at += size + 2;
    }
    finish(extended);
    return at == kNone ? kNone : at + 2;
  }

  // Of a marker with a meaning of its own: not a stuffed byte, a restart or a fill byte.
  [[nodiscard]] std::size_t next_marker(std::size_t at) const {
    for (at = bytes_.find('\xFF', at); at != kNone && at + 1 < bytes_.size(); at = bytes_.find('\xFF', at + 1)) {
      const unsigned marker = u8(at + 1);
      if (marker > 1 && marker != 0xFF && (marker < 0xD0 || marker > 0xD8)) return at;
    }
    return kNone;
  }

  void read_segment(unsigned marker, const Segment& segment, ExtendedXmp& extended) {
    if (marker != kComment && (marker < kFirstApp || marker > kLastApp)) return;
    constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
    constexpr std::string_view kExtendedXmp = "http://ns.adobe.com/xmp/extension/\0"sv;
    constexpr std::size_t kGuidAndSize = 32 + 4;
    const std::size_t start = segment.at + 4;
    const std::string_view content = bytes_.substr(start, segment.size - 4);
    if (marker == kExifApp && content.starts_with("Exif\0"sv)) {
      const std::size_t prefix = std::min<std::size_t>(content.size(), 6);
      collector_.add_exif(start + prefix, content.size() - prefix);
    } else if (marker == kExifApp && content.starts_with(kXmp)) {
      collector_.add_xmp(start + kXmp.size(), content.size() - kXmp.size());
    } else if (marker == kExifApp && content.starts_with(kExtendedXmp) &&
               content.size() >= kExtendedXmp.size() + kGuidAndSize + 4) {
      const std::string_view piece = content.substr(kExtendedXmp.size() + kGuidAndSize);
      extended.segments.push_back(segment);
      extended.pieces.emplace_back(piece.substr(0, 4), piece.substr(4));
    } else if (marker != kIccApp && mentions_gps(content)) {
      collector_.replace(segment.at, segment.size, {});
    }
  }

  // Whatever else a program wrote there (a comment, a provenance record): it goes as a whole.
  static bool mentions_gps(std::string_view content) {
    constexpr std::array kWords{"GPSLatitude"sv, "GPSLongitude"sv, "GPSPosition"sv};
    return std::ranges::any_of(kWords, [&](std::string_view word) { return content.find(word) != kNone; });
  }

  // The packet is signed, so that it can't be changed in part: it goes as a whole.
  void finish(ExtendedXmp& extended) {
    std::ranges::stable_sort(extended.pieces, {}, &std::pair<std::string, std::string_view>::first);
    std::string packet;
    for (const auto& [offset, piece] : extended.pieces) packet += piece;
    if (packet.empty() || !xmp_without_position(packet)) return;
    for (const Segment& segment : extended.segments) collector_.replace(segment.at, segment.size, {});
  }

  // Where a film begins (the box before its `ftyp`) that tells where it was taken.
  [[nodiscard]] std::size_t film_with_position(std::size_t from) const {
    constexpr std::array kNames{"\xA9xyz"sv, "loci"sv, "location.ISO6709"sv};
    const std::size_t type = bytes_.find("ftyp", from);
    if (type == kNone || type - from < 4) return kNone;
    const auto there = [&](std::string_view name) { return bytes_.find(name, type) != kNone; };
    return std::ranges::any_of(kNames, there) ? type - 4 : kNone;
  }

  std::string_view bytes_;
  MetadataCollector collector_;
};

}  // namespace

Metadata read_jpeg_metadata(std::string_view bytes) {
  Metadata metadata = Walker(bytes).run();
  // Extended packets are judged behind the segments that follow them.
  std::ranges::sort(metadata.without_position, {}, &Splice::at);
  return metadata;
}

}  // namespace pipeline::media
