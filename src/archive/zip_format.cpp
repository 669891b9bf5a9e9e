#include "zip_format.h"

#include <algorithm>
#include <concepts>
#include <utility>

namespace pipeline::archive {
namespace {

constexpr std::uint16_t kDeflateVersion = 20;
constexpr std::uint16_t kZip64Version = 45;
constexpr std::uint16_t kUsualVersion = 30;  // what zip 3.0 calls itself
constexpr std::uint16_t kUnix = 3U << 8U;
constexpr std::uint32_t kReadableFile = 0100644U << 16U;

// The earliest time there is, 1980-01-01 00:00:00, for every entry.
constexpr std::uint16_t kDosTime = 0;
constexpr std::uint16_t kDosDate = 1U << 5U | 1U;

constexpr std::uint16_t kZip64Tag = 1;
constexpr std::uint32_t kSeeZip64 = 0xFFFF'FFFF;
constexpr std::uint16_t kSeeZip64Entries = 0xFFFF;

// Numbers stand with their lowest byte first.
template <std::unsigned_integral Number>
void append(std::string& out, Number number) {
  for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xFFU));
}

// Bit 11 says that the name is UTF-8. It is left out where ASCII makes no difference, as zip and Python do: Windows,
// macOS and unzip read both, and the oldest readers know no bit 11.
std::uint16_t flags_of(std::string_view name) {
  const bool is_ascii = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? 0 : 1U << 11U;
}

// Both sizes go together: a local header must hold both in its ZIP64 field, or none (4.5.3).
bool is_large(const Entry& entry, const Zip64Marks& marks) {
  return entry.size >= marks.bytes || entry.packed_size >= marks.bytes;
}

bool is_far(const Entry& entry, const Zip64Marks& marks) {
  return entry.offset >= marks.bytes;
}

// 4.5.3
std::string zip64_field(const Entry& entry, bool with_sizes, bool with_offset) {
  std::string numbers;
  if (with_sizes) {
    append(numbers, entry.size);
    append(numbers, entry.packed_size);
  }
  if (with_offset) append(numbers, entry.offset);
  if (numbers.empty()) return {};
  std::string field;
  append(field, kZip64Tag);
  append(field, static_cast<std::uint16_t>(numbers.size()));
  return field + numbers;
}

// What local and central headers have in common, in this order.
void append_common(std::string& out, const Entry& entry, bool large, std::uint16_t version, std::string_view extra) {
  append(out, version);
  append(out, flags_of(entry.name));
  append(out, static_cast<std::uint16_t>(entry.method));
  append(out, kDosTime);
  append(out, kDosDate);
  append(out, entry.crc);
  append(out, large ? kSeeZip64 : static_cast<std::uint32_t>(entry.packed_size));
  append(out, large ? kSeeZip64 : static_cast<std::uint32_t>(entry.size));
  append(out, static_cast<std::uint16_t>(entry.name.size()));
  append(out, static_cast<std::uint16_t>(extra.size()));
}

std::uint16_t version_for(std::string_view extra) {
  return extra.empty() ? kDeflateVersion : kZip64Version;
}

std::uint16_t made_by(std::uint16_t needed) {
  return static_cast<std::uint16_t>(kUnix | std::max(needed, kUsualVersion));
}

// 4.3.14 and 4.3.15
void append_zip64_end(std::string& out, const Directory& directory) {
  append(out, std::uint32_t{0x06064b50});
  append(out, std::uint64_t{44});  // bytes that follow
  append(out, made_by(kZip64Version));
  append(out, kZip64Version);
  append(out, std::uint32_t{0});  // this disk
  append(out, std::uint32_t{0});  // that of the directory
  append(out, directory.entries);
  append(out, directory.entries);
  append(out, directory.size);
  append(out, directory.offset);

  append(out, std::uint32_t{0x07064b50});
  append(out, std::uint32_t{0});                   // disk of the record above
  append(out, directory.offset + directory.size);  // its offset
  append(out, std::uint32_t{1});                   // disks in all
}

}  // namespace

// 4.3.7
std::string local_header(const Entry& entry, const Zip64Marks& marks) {
  const bool large = is_large(entry, marks);
  const std::string extra = zip64_field(entry, large, false);
  std::string out;
  append(out, std::uint32_t{0x04034b50});
  append_common(out, entry, large, version_for(extra), extra);
  out += entry.name;
  return out + extra;
}

// 4.3.12
std::string central_header(const Entry& entry, const Zip64Marks& marks) {
  const bool large = is_large(entry, marks);
  const bool far = is_far(entry, marks);
  const std::string extra = zip64_field(entry, large, far);
  const std::uint16_t version = version_for(extra);
  std::string out;
  append(out, std::uint32_t{0x02014b50});
  append(out, made_by(version));
  append_common(out, entry, large, version, extra);
  append(out, std::uint16_t{0});  // comment
  append(out, std::uint16_t{0});  // disk
  append(out, std::uint16_t{0});  // internal attributes
  append(out, kReadableFile);
  append(out, far ? kSeeZip64 : static_cast<std::uint32_t>(entry.offset));
  out += entry.name;
  return out + extra;
}

// 4.3.16, with the ZIP64 records in front of it when a number needs them
std::string end_records(const Directory& directory, const Zip64Marks& marks) {
  const bool many = directory.entries >= marks.entries;
  const bool large = directory.size >= marks.bytes;
  const bool far = directory.offset >= marks.bytes;
  const std::uint16_t entries = many ? kSeeZip64Entries : static_cast<std::uint16_t>(directory.entries);
  std::string out;
  if (many || large || far) append_zip64_end(out, directory);
  append(out, std::uint32_t{0x06054b50});
  append(out, std::uint16_t{0});  // this disk
  append(out, std::uint16_t{0});  // that of the directory
  append(out, entries);
  append(out, entries);
  append(out, large ? kSeeZip64 : static_cast<std::uint32_t>(directory.size));
  append(out, far ? kSeeZip64 : static_cast<std::uint32_t>(directory.offset));
  append(out, std::uint16_t{0});  // comment
  return out;
}

}  // namespace pipeline::archive
