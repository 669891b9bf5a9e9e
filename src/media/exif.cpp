#include "exif.h"

#include "position_text.h"
#include "xmp.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

// TIFF 6.0, section 2, and Exif 2.32, section 4.6.
namespace pipeline::media {
namespace {

constexpr unsigned kOrientation = 0x0112;
constexpr unsigned kSubDirectories = 0x014A;
constexpr unsigned kXmpTag = 0x02BC;
constexpr unsigned kExifDirectory = 0x8769;
constexpr unsigned kGpsDirectory = 0x8825;

constexpr std::size_t kEntrySize = 12;
constexpr std::size_t kMostDirectories = 32;
// A camera writes one position; blocks that claim more of them, or many long packets, are made to keep a reader busy.
constexpr std::size_t kMostPositions = 32;
constexpr std::size_t kMostXmpTimes = 4;
constexpr std::size_t kMostTextTimes = 16;

// Bytes of one value, by TIFF's number of its type.
std::size_t size_of_type(unsigned type) {
  constexpr std::array<std::size_t, 14> kSizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
  return type < kSizes.size() ? kSizes[type] : 0;
}

class ExifScrubber {
 public:
  explicit ExifScrubber(std::string_view tiff) : bytes_(tiff), big_endian_(tiff.starts_with("MM")) {}

  Exif run() {
    if (!has_header()) return emptied();
    follow(u32(4));
    // More are found while those before are read.
    for (std::size_t i = 0; i < directories_.size(); ++i) scrub_directory(i);
    if (positions_.size() > kMostPositions || xmp_read_ > kMostXmpTimes * bytes_.size() ||
        text_read_ > kMostTextTimes * bytes_.size())
      return emptied();
    for (const std::size_t at : positions_) find_values(at);
    erase_values();
    Exif exif{.orientation = orientation_};
    if (changed_) exif.without_position = std::move(bytes_);
    return exif;
  }

 private:
  struct Directory {
    std::size_t at = 0;
    std::size_t entries = 0;
    [[nodiscard]] std::size_t entry(std::size_t i) const noexcept { return at + 2 + i * kEntrySize; }
    [[nodiscard]] std::size_t end() const noexcept { return entry(entries); }
  };
  struct Value {
    std::size_t at = 0;
    std::size_t size = 0;
  };

  [[nodiscard]] Exif emptied() const {
    Exif exif;
    if (bytes_.find_first_not_of('\0') != std::string::npos) exif.without_position = std::string(bytes_.size(), '\0');
    return exif;
  }

  [[nodiscard]] bool has_header() const {
    const std::string_view start = std::string_view(bytes_).substr(0, 4);
    return bytes_.size() >= 8 && (start == std::string_view("II*\0", 4) || start == std::string_view("MM\0*", 4));
  }

  [[nodiscard]] unsigned u16(std::size_t at) const { return number(at, 2); }
  [[nodiscard]] unsigned u32(std::size_t at) const { return number(at, 4); }
  [[nodiscard]] unsigned number(std::size_t at, std::size_t size) const {
    unsigned value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | static_cast<unsigned char>(bytes_[big_endian_ ? at + i : at + size - 1 - i]);
    return value;
  }
  void put_u16(std::size_t at, unsigned value) {
    bytes_[at + (big_endian_ ? 1 : 0)] = static_cast<char>(value & 0xFFU);
    bytes_[at + (big_endian_ ? 0 : 1)] = static_cast<char>(value >> 8U);
  }
  [[nodiscard]] auto iterator(std::size_t at) { return bytes_.begin() + static_cast<std::ptrdiff_t>(at); }

  // The entries that lie within the block.
  [[nodiscard]] std::optional<Directory> directory_at(std::size_t at) const {
    if (at < 8 || at + 2 > bytes_.size()) return {};
    return Directory{at, std::min<std::size_t>(u16(at), (bytes_.size() - at - 2) / kEntrySize)};
  }

  // Where an entry's value lies; of no size when that is outside.
  [[nodiscard]] Value value_of(std::size_t entry) const {
    const std::uint64_t size = std::uint64_t{u32(entry + 4)} * size_of_type(u16(entry + 2));
    if (size <= 4) return {entry + 8, static_cast<std::size_t>(size)};
    const std::size_t at = u32(entry + 8);
    if (size > bytes_.size() || at > bytes_.size() - size) return {};
    return {at, static_cast<std::size_t>(size)};
  }

  void follow(std::size_t at) {
    const std::optional<Directory> directory = directory_at(at);
    if (!directory || directories_.size() == kMostDirectories) return;
    const bool known = std::ranges::any_of(directories_, [&](const Directory& other) { return other.at == at; });
    if (!known) directories_.push_back(*directory);
  }

  // Entries that point to a position go; those behind them, and the offset of the next directory, move up.
  void scrub_directory(std::size_t index) {
    const Directory directory = directories_[index];
    std::size_t kept = 0;
    for (std::size_t i = 0; i < directory.entries; ++i) {
      const std::size_t entry = directory.entry(i);
      if (u16(entry) == kGpsDirectory) {
        if (u32(entry + 4) != 0) add_position(u32(entry + 8));  // none counted: no pointer to follow
        continue;
      }
      read_entry(entry, index == 0);
      if (kept != i) std::copy_n(iterator(entry), kEntrySize, iterator(directory.entry(kept)));
      ++kept;
    }
    const bool has_next = directory.end() + 4 <= bytes_.size();
    if (has_next) follow(u32(directory.end()));
    if (kept == directory.entries) return;
    directories_[index].entries = kept;
    put_u16(directory.at, static_cast<unsigned>(kept));
    const std::size_t end = std::min(directory.end() + 4, bytes_.size());
    const auto rest = std::copy(iterator(directory.end()), iterator(end), iterator(directory.entry(kept)));
    std::fill(rest, iterator(end), '\0');
    changed_ = true;
  }

  void read_entry(std::size_t entry, bool is_first_directory) {
    const unsigned tag = u16(entry);
    if (tag == kExifDirectory) follow(u32(entry + 8));
    if (tag == kSubDirectories) follow_all(value_of(entry));
    if (tag == kXmpTag) scrub_xmp(value_of(entry));
    if (is_text(entry)) scrub_text(value_of(entry));
    if (tag == kOrientation && is_first_directory) read_orientation(entry);
  }

  void follow_all(const Value& value) {
    for (std::size_t i = 0; i + 4 <= value.size && directories_.size() < kMostDirectories; i += 4)
      follow(u32(value.at + i));
  }

  void read_orientation(std::size_t entry) {
    const unsigned orientation = u16(entry + 8);
    if (orientation >= 1 && orientation <= 8) orientation_ = static_cast<int>(orientation);
  }

  void scrub_xmp(const Value& value) {
    xmp_read_ += value.size;
    if (xmp_read_ > kMostXmpTimes * bytes_.size()) return;  // it will be emptied
    const auto scrubbed = xmp_without_position(std::string_view(bytes_).substr(value.at, value.size));
    if (!scrubbed) return;
    bytes_.replace(value.at, value.size, *scrubbed);
    changed_ = true;
  }

  // Those of Windows are bytes to EXIF; a comment begins with the name of its character set.
  [[nodiscard]] bool is_text(std::size_t entry) const {
    constexpr unsigned kAscii = 2;
    constexpr unsigned kComment = 0x9286;
    constexpr unsigned kFirstOfWindows = 0x9C9B;
    constexpr unsigned kLastOfWindows = 0x9C9F;
    const unsigned tag = u16(entry);
    return u16(entry + 2) == kAscii || tag == kComment || (tag >= kFirstOfWindows && tag <= kLastOfWindows);
  }

  void scrub_text(const Value& value) {
    text_read_ += value.size;
    if (text_read_ > kMostTextTimes * bytes_.size()) return;  // the block will be emptied
    if (!tells_position(std::string_view(bytes_).substr(value.at, value.size))) return;
    find_value(value);
    changed_ = true;
  }

  void add_position(std::size_t at) {
    if (positions_.size() > kMostPositions || std::ranges::find(positions_, at) != positions_.end()) return;
    positions_.push_back(at);
  }

  void find_values(std::size_t position) {
    const std::optional<Directory> gps = directory_at(position);
    if (!gps) return;
    for (std::size_t i = 0; i < gps->entries; ++i) find_value(value_of(gps->entry(i)));
    find_value({gps->at, gps->end() - gps->at});
  }

  // A broken file's values may lie on its header or directories, which must stay.
  void find_value(const Value& value) {
    const auto overlaps = [&](const Directory& other) {
      return value.at < other.end() + 4 && other.at < value.at + value.size;
    };
    if (value.at < 8 || value.size == 0 || std::ranges::any_of(directories_, overlaps)) return;
    values_.push_back(value);
  }

  // They may overlap; each byte is written once.
  void erase_values() {
    std::ranges::sort(values_, {}, &Value::at);
    std::size_t erased = 0;
    for (const auto& [at, size] : values_) {
      const std::size_t from = std::max(at, erased);
      erased = std::max(erased, at + size);
      if (from < erased) std::fill(iterator(from), iterator(erased), '\0');
    }
  }

  std::string bytes_;
  bool big_endian_;
  bool changed_ = false;
  int orientation_ = 1;
  std::size_t xmp_read_ = 0;
  std::size_t text_read_ = 0;
  std::vector<Directory> directories_;
  std::vector<std::size_t> positions_;
  std::vector<Value> values_;
};

}  // namespace

Exif read_exif(std::string_view tiff) {
  Exif exif = ExifScrubber(tiff).run();
  // Where directories and values lie upon each other, taking one out may bring forth another. No camera writes that.
  if (exif.without_position && ExifScrubber(*exif.without_position).run().without_position)
    return {.without_position = std::string(tiff.size(), '\0')};
  return exif;
}

}  // namespace pipeline::media
