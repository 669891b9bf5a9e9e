#include "camera_records.h"

#include "position_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

std::uint32_t number(std::string_view bytes, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[big_endian ? i : bytes.size() - 1 - i]);
  return value;
}

bool is_empty(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

std::optional<std::string> emptied(std::string_view block) {
  if (is_empty(block)) return std::nullopt;
  return std::string(block.size(), '\0');
}

// Header and entries as ExifTool's documentation has them.
class Flir {
 public:
  explicit Flir(std::string_view block) : block_(block) {}

  std::optional<std::string> run() {
    constexpr std::size_t kHeader = 0x40;
    if (block_.size() < kHeader || (!block_.starts_with("FFF\0"sv) && !block_.starts_with("AFF\0"sv)))
      return emptied(block_);
    big_endian_ = is_version(number(block_.substr(0x14, 4), true));
    if (!big_endian_ && !is_version(u32(0x14))) return emptied(block_);
    const std::size_t directory = u32(0x18);
    const std::size_t entries = u32(0x1C);
    if (directory > block_.size() || entries > (block_.size() - directory) / kEntry) return emptied(block_);
    after_ = block_;
    for (std::size_t i = 0; i < entries; ++i)
      if (!read_entry(directory + i * kEntry)) return emptied(block_);
    if (after_ == block_) return std::nullopt;
    return std::move(after_);
  }

 private:
  static constexpr std::size_t kEntry = 0x20;

  static bool is_version(std::uint32_t version) noexcept { return version >= 100 && version < 200; }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return number(block_.substr(at, 4), big_endian_); }

  // False when its record lies outside.
  bool read_entry(std::size_t entry) {
    constexpr std::uint32_t kTexts = 0x23;
    constexpr std::uint32_t kPosition = 0x2B;
    constexpr std::uint32_t kParameters = 0x2E;
    const std::uint32_t type = number(block_.substr(entry, 2), big_endian_);
    if (type == 0) return true;
    const std::size_t at = u32(entry + 0x0C);
    const std::size_t size = u32(entry + 0x10);
    if (at > block_.size() || size > block_.size() - at) return false;
    const std::string_view record = block_.substr(at, size);
    const bool is_position = type == kPosition && has_position(record);
    if (is_position || ((type == kTexts || type == kParameters) && tells_position(record))) {
      after_.replace(entry, 2, 2, '\0');  // a free entry
      after_.replace(at, size, size, '\0');
    }
    return true;
  }

  // Cameras write the record without having found a position, too.
  static bool has_position(std::string_view record) {
    constexpr std::size_t kDegrees = 0x10;
    return !is_empty(record.substr(std::min(kDegrees, record.size()), 0x10)) ||
           (record.size() < 0x20 && !is_empty(record));
  }

  std::string_view block_;
  std::string after_;
  bool big_endian_ = false;
};

constexpr std::size_t kDeepestRecord = 8;

// A key of four letters, a type, the size of a value, how many there are; padded to be a multiple of four. Type 0: it
// holds keys.
void scrub_gopro(std::string& block, std::size_t at, std::size_t end, std::size_t depth) {
  constexpr std::size_t kHeader = 8;
  constexpr std::array kPositions{"GLPI"sv, "GPRI"sv, "BPOS"sv};
  while (at <= end && end - at >= kHeader) {
    const std::string_view key = std::string_view(block).substr(at, 4);
    const std::size_t size = std::size_t{static_cast<unsigned char>(block[at + 5])} *
                             number(std::string_view(block).substr(at + 6, 2), true);
    if (is_empty(key) || size > end - at - kHeader) return;
    const bool is_position = key.starts_with("GPS") || std::ranges::find(kPositions, key) != kPositions.end();
    if (is_position && !is_empty(std::string_view(block).substr(at + kHeader, size))) {
      block.replace(at, 4, "FREE");  // which is to be passed over
      block.replace(at + kHeader, size, size, '\0');
    } else if (block[at + 4] == '\0' && depth < kDeepestRecord) {
      scrub_gopro(block, at + kHeader, at + kHeader + size, depth + 1);
    }
    at += kHeader + (size + 3) / 4 * 4;
  }
}

}  // namespace

std::optional<std::string> flir_without_position(std::string_view block) {
  return Flir(block).run();
}

std::optional<std::string> gopro_without_position(std::string_view block) {
  std::string after(block);
  scrub_gopro(after, 0, after.size(), 0);
  if (after == block) return std::nullopt;
  return after;
}

}  // namespace pipeline::media
