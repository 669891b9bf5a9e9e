#include "bytes.h"
#include "camera_records.h"
#include "extended_xmp.h"
#include "film_metadata.h"
#include "metadata.h"
#include "photoshop_metadata.h"
#include "pieces.h"
#include "position_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kFirstApp = 0xE0;
constexpr unsigned kExifApp = 0xE1;
constexpr unsigned kIccApp = 0xE2;
constexpr unsigned kGoProApp = 0xE6;
constexpr unsigned kPhotoshopApp = 0xED;
constexpr unsigned kLastApp = 0xEF;
constexpr unsigned kComment = 0xFE;

struct Segment {
  std::size_t at = 0;  // of what is behind marker and length
  std::size_t size = 0;
};

// Walks from marker to marker: through the picture, and through every other that begins within its metadata or behind
// it: thumbnails, gain maps and depth maps, whatever stands between them and however a walk before them ended. What
// looks like a picture within the pixels of the first is none, and stays as it is.
class JpegWalker {
 public:
  explicit JpegWalker(std::string_view bytes)
      : bytes_(bytes), collector_(bytes), extended_(bytes), flir_(bytes), gopro_(bytes) {}

  Metadata run() {
    find_markers();
    seen_.resize(markers_.size());
    Picture shown;  // the first
    for (const std::size_t start : starts_) {
      const auto end = start < shown.end ? end_of_metadata(shown, start) : bytes_.size();
      if (!end) continue;
      Picture picture = walk_picture(start, *end);
      if (shown.end == 0) shown = std::move(picture);
      collector_.keep_orientation();
    }
    extended_.scrub(collector_);
    scrub_record(flir_, flir_without_position);
    scrub_record(gopro_, gopro_without_position);
    scrub_films(bytes_, first_scan_, collector_);
    return collector_.take();
  }

 private:
  struct Picture {
    std::size_t end = 0;
    std::vector<Segment> metadata;
  };

  // The end of the segment that holds the place; absent: none does.
  static std::optional<std::size_t> end_of_metadata(const Picture& picture, std::size_t at) {
    const auto behind = std::ranges::upper_bound(picture.metadata, at, {}, &Segment::at);
    if (behind == picture.metadata.begin()) return std::nullopt;
    const auto& [begin, size] = *std::prev(behind);
    return at < begin + size ? std::optional(begin + size) : std::nullopt;
  }

  [[nodiscard]] unsigned u8(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }
  [[nodiscard]] std::size_t number(std::size_t at, std::size_t size) const {
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | u8(at + i);
    return value;
  }

  // Those with a meaning of their own: not a stuffed byte, a restart or a fill byte.
  void find_markers() {
    for (std::size_t at = bytes_.find('\xFF'); at != kNone && at + 1 < bytes_.size();
         at = bytes_.find('\xFF', at + 1)) {
      const unsigned marker = u8(at + 1);
      if (marker > 1 && marker != 0xFF && (marker < 0xD0 || marker > 0xD8)) markers_.push_back(at);
      if (bytes_.substr(at, 3) == "\xFF\xD8\xFF") starts_.push_back(at);
    }
  }

  // Ends at the end marker, at a segment that does not fit before `end`, or where another walk has been.
  Picture walk_picture(std::size_t at, std::size_t end) {
    Picture picture;
    for (at += 2;;) {
      picture.end = at;
      const auto next = std::ranges::lower_bound(markers_, at);
      if (next == markers_.end() || *next >= end) return picture;
      const auto index = static_cast<std::size_t>(next - markers_.begin());
      if (seen_[index]) return picture;
      seen_[index] = true;
      at = *next;
      picture.end = at;
      const unsigned marker = u8(at + 1);
      if (marker == kEndOfImage || end - at < 4) return picture;
      const std::size_t size = number(at + 2, 2);
      if (size < 2 || size + 2 > end - at) return picture;
      const Segment segment{at + 4, size - 2};
      if (marker == kStartOfScan) {
        first_scan_ = std::min(first_scan_, at);
      } else if (is_metadata(marker)) {
        picture.metadata.push_back(segment);
        read_segment(marker, segment);
      }
      at += size + 2;
    }
  }

  static bool is_metadata(unsigned marker) noexcept {
    return marker == kComment || (marker >= kFirstApp && marker <= kLastApp);
  }

  void read_segment(unsigned marker, const Segment& segment) {
    constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
    constexpr auto kExtendedXmp = "http://ns.adobe.com/xmp/extension/\0"sv;
    constexpr auto kPhotoshop = "Photoshop 3.0\0"sv;
    constexpr auto kGoPro = "GoPro\0"sv;
    constexpr std::size_t kFlir = 8;  // behind its name a version, its number and how many there are
    const auto& [at, size] = segment;
    const std::string_view content = bytes_.substr(at, size);
    if (marker == kExifApp && content.starts_with("Exif\0"sv)) {
      const std::size_t prefix = std::min<std::size_t>(size, 6);
      collector_.add_exif(at + prefix, size - prefix);
    } else if (marker == kExifApp && content.starts_with(kXmp)) {
      collector_.add_xmp(at + kXmp.size(), size - kXmp.size());
    } else if (marker == kExifApp && content.starts_with(kExtendedXmp) &&
               extended_.add(at + kExtendedXmp.size(), size - kExtendedXmp.size())) {
      return;
    } else if (marker == kPhotoshopApp && content.starts_with(kPhotoshop)) {
      read_photoshop(bytes_, at + kPhotoshop.size(), at + size, collector_);
    } else if (marker == kExifApp && content.starts_with("FLIR\0"sv) && size >= kFlir) {
      flir_.add(at + kFlir, size - kFlir, u8(at + 6));
    } else if (marker == kGoProApp && content.starts_with(kGoPro)) {
      gopro_.add(at + kGoPro.size(), size - kGoPro.size());
    } else {
      read_text(marker, segment);
    }
  }

  void scrub_record(Pieces& pieces, std::optional<std::string> (&without_position)(std::string_view)) {
    if (pieces.empty()) return;
    const std::string record = pieces.joined();
    collector_.count_work(record.size());
    if (const auto after = without_position(record)) pieces.change(*after, collector_);
  }

  // Whatever else a program wrote there (a comment, a provenance record): it is emptied when it names a position. What
  // tells how the pixels are to be understood stays.
  void read_text(unsigned marker, const Segment& segment) {
    const std::string_view content = bytes_.substr(segment.at, segment.size);
    if (marker == kIccApp && (content.starts_with("ICC_PROFILE\0"sv) || content.starts_with("MPF\0"sv))) return;
    std::size_t kept = 0;
    if (content.starts_with("JFIF\0"sv)) kept = std::min<std::size_t>(14, content.size());
    if (content.starts_with("Adobe"sv)) kept = std::min<std::size_t>(12, content.size());
    collector_.count_work(segment.size);
    if (tells_position(content.substr(kept)))
      collector_.fill(segment.at + kept, segment.size - kept, marker == kComment ? ' ' : '\0');
  }

  std::string_view bytes_;
  MetadataCollector collector_;
  ExtendedXmp extended_;
  Pieces flir_;
  Pieces gopro_;
  std::vector<std::size_t> markers_;
  std::vector<std::size_t> starts_;
  std::vector<bool> seen_;  // of the markers
  std::size_t first_scan_ = kNone;
};

}  // namespace

Metadata read_jpeg_metadata(std::string_view bytes) {
  return JpegWalker(bytes).run();
}

}  // namespace pipeline::media
