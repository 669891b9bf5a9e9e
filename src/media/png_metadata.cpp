#include "bytes.h"
#include "metadata.h"
#include "photoshop_metadata.h"
#include "position_text.h"
#include "xmp.h"

#include <libdeflate.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeader = 8;  // size and name
constexpr std::size_t kCrc = 4;

std::string as_big_endian(std::size_t value) {
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8) bytes.push_back(static_cast<char>(value >> (shift - 8U)));
  return bytes;
}

// A private chunk, which nobody reads: what texts that are taken out become, for a text can't be empty.
constexpr auto kFiller = "paDd"sv;

struct DecompressorFree {
  void operator()(libdeflate_decompressor* decompressor) const noexcept { libdeflate_free_decompressor(decompressor); }
};

// Absent: it can't be, or is longer than texts and profiles are.
std::optional<std::string> inflated(std::string_view zlib) {
  constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
  const std::unique_ptr<libdeflate_decompressor, DecompressorFree> decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  // Deflate makes at most 1,032 bytes of one.
  std::string text(std::min(kMostBytes, 1032 * zlib.size() + 64), '\0');
  std::size_t size = 0;
  if (libdeflate_zlib_decompress(decompressor.get(), zlib.data(), zlib.size(), text.data(), text.size(), &size) !=
      LIBDEFLATE_SUCCESS)
    return std::nullopt;
  text.resize(size);
  return text;
}

// Not longer than `room`, and what is left of that is nothing, or enough for a chunk. Absent: it can't be done.
std::optional<std::string> deflated(std::string_view text, std::size_t room) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const noexcept { libdeflate_free_compressor(compressor); }
  };
  for (const int level : {12, 9, 6}) {
    const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(level));
    if (!compressor) throw std::bad_alloc();
    std::string zlib(room, '\0');
    const std::size_t size =
        libdeflate_zlib_compress(compressor.get(), text.data(), text.size(), zlib.data(), zlib.size());
    if (size == 0 || (size < room && room - size < kHeader + kCrc)) continue;
    zlib.resize(size);
    return zlib;
  }
  return std::nullopt;
}

struct Text {
  std::string keyword;
  std::size_t at = 0;  // where it lies in the chunk's content
  bool compressed = false;
  std::optional<std::string> text{};  // absent: it can't be read
};

// Of a tEXt, zTXt or iTXt.
Text text_of(std::string_view name, std::string_view content) {
  const std::size_t end = std::min(content.find('\0'), content.size());
  Text read{.keyword = std::string(content.substr(0, end)), .at = std::min(end + 1, content.size())};
  if (name == "zTXt") {
    read.compressed = true;
    if (!content.substr(read.at).starts_with('\0')) return read;  // no method that there is
    ++read.at;
  }
  if (name == "iTXt") {
    if (content.size() - read.at < 2) return read;
    read.compressed = content[read.at] != 0;
    const std::size_t language_end = content.find('\0', read.at + 2);
    const std::size_t translated_end = language_end == kNone ? kNone : content.find('\0', language_end + 1);
    if (translated_end == kNone) return read;
    read.at = translated_end + 1;
  }
  const std::string_view text = content.substr(read.at);
  read.text = read.compressed ? inflated(text) : std::string(text);
  return read;
}

constexpr auto kRawProfile = "Raw profile type "sv;

// ImageMagick's form of a profile: name and length in lines of their own, then hexadecimal digits.
class RawProfile {
 public:
  explicit RawProfile(std::string& text) : text_(text) {
    const std::size_t name = text.find('\n', 1);
    const std::size_t length = name == kNone ? kNone : text.find('\n', name + 1);
    is_one_ = length != kNone;
    for (std::size_t at = length; at < text.size(); ++at)
      if (std::isxdigit(static_cast<unsigned char>(text[at])) != 0) digits_.push_back(at);
  }
  [[nodiscard]] bool is_one() const noexcept { return is_one_; }
  [[nodiscard]] std::string bytes() const {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits_.size(); i += 2)
      bytes += static_cast<char>(std::stoi(std::string{text_[digits_[i]], text_[digits_[i + 1]]}, nullptr, 16));
    return bytes;
  }
  void change(std::size_t at, std::string_view after) {
    constexpr auto kDigits = "0123456789abcdef"sv;
    for (std::size_t i = 0; i < after.size(); ++i) {
      const unsigned byte = static_cast<unsigned char>(after[i]);
      text_[digits_[2 * (at + i)]] = kDigits[byte >> 4U];
      text_[digits_[2 * (at + i) + 1]] = kDigits[byte & 15U];
    }
  }

 private:
  std::string& text_;
  bool is_one_ = false;
  std::vector<std::size_t> digits_;  // where they are
};

// What is in it, its bytes say rather than its name: an `APP1` may be EXIF or XMP.
Metadata read_profile(std::string_view name, std::string_view bytes) {
  constexpr auto kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
  MetadataCollector collector(bytes);
  if (bytes.starts_with("8BIM"))
    read_photoshop(bytes, 0, bytes.size(), collector);
  else if (bytes.starts_with(kXmp))
    collector.add_xmp(kXmp.size(), bytes.size() - kXmp.size());
  else if (name == "xmp")
    collector.add_xmp(0, bytes.size());
  else if (name == "exif" || name == "APP1" || bytes.starts_with("Exif\0\0"sv))
    collector.add_exif(0, bytes.size());
  return collector.take();
}

class PngWalker {
 public:
  explicit PngWalker(std::string_view bytes) : bytes_(bytes) {}

  Metadata run() {
    std::size_t at = kHeader;  // the file's signature is as long
    while (at + kHeader + kCrc <= bytes_.size()) {
      const std::size_t size = big_endian(bytes_.substr(at, 4));
      if (size > bytes_.size() - at - kHeader - kCrc) break;
      const std::string_view name = bytes_.substr(at + 4, 4);
      read_chunk(name, bytes_.substr(at + kHeader, size), at);
      at += kHeader + size + kCrc;
      if (name == "IEND") read_behind(at);  // where some readers still look for chunks
    }
    return std::move(found_);
  }

 private:
  void read_chunk(std::string_view name, std::string_view content, std::size_t at) {
    MetadataCollector collector(content);
    if (name == "eXIf") collector.add_exif(0, content.size());
    if (name == "tXMP") collector.add_xmp(0, content.size());
    Metadata metadata = collector.take();
    if (name == "eXIf") heed_orientation(metadata);
    if (!metadata.without_position.empty())
      replace(at, chunk(name, overwritten(content, metadata.without_position)));
    else if (name == "tEXt" || name == "zTXt" || name == "iTXt")
      read_text(name, content, at);
    else if (name == "caBX" && tells_position(content))
      empty(content, at);
  }

  void read_behind(std::size_t at) {
    MetadataCollector collector(bytes_);
    read_tail(bytes_, at, collector);
    for (Overwrite& overwrite : collector.take().without_position)
      found_.without_position.push_back(std::move(overwrite));
  }

  void read_text(std::string_view name, std::string_view content, std::size_t at) {
    Text text = text_of(name, content);
    const bool is_xmp = text.keyword == "XML:com.adobe.xmp";
    if (!is_xmp && !text.keyword.starts_with(kRawProfile)) {
      if (names_position(text.keyword) || tells_position(text.text.value_or(std::string(content)))) empty(content, at);
      return;
    }
    if (!text.text) return empty(content, at);
    switch (is_xmp ? clear_xmp(*text.text) : clear_raw_profile(text)) {
      case Cleared::unreadable:
        return empty(content, at);
      case Cleared::changed:
        return put_text(name, content, text, at);
      case Cleared::as_it_was:
        break;
    }
  }

  enum class Cleared { unreadable, changed, as_it_was };

  static Cleared clear_xmp(std::string& text) {
    auto after = xmp_without_position(text);
    if (!after) return Cleared::as_it_was;
    text = std::move(*after);
    return Cleared::changed;
  }

  Cleared clear_raw_profile(Text& text) {
    RawProfile profile(*text.text);
    if (!profile.is_one()) return Cleared::unreadable;
    const std::string bytes = profile.bytes();
    const std::string_view name = std::string_view(text.keyword).substr(kRawProfile.size());
    const Metadata metadata = read_profile(name, bytes);
    if (name != "xmp") heed_orientation(metadata);
    for (const auto& [at, after] : metadata.without_position) profile.change(at, after);
    return metadata.without_position.empty() ? Cleared::as_it_was : Cleared::changed;
  }

  // A text of the same length in the place of the chunk's: as it was stored.
  void put_text(std::string_view name, std::string_view content, const Text& text, std::size_t at) {
    const std::string prefix(content.substr(0, text.at));
    const std::string_view stored = content.substr(text.at);
    if (!text.compressed) return replace(at, chunk(name, prefix + *text.text));
    const auto zlib = deflated(*text.text, stored.size());
    if (!zlib) return empty(content, at);
    std::string chunks = chunk(name, prefix + *zlib);
    // What room is left becomes a chunk of its own.
    if (const std::size_t room = stored.size() - zlib->size(); room > 0)
      chunks += chunk(kFiller, std::string(room - kHeader - kCrc, '\0'));
    replace(at, chunks);
  }

  void heed_orientation(const Metadata& exif) {
    if (!std::exchange(has_exif_, true)) found_.orientation = exif.orientation;
  }

  void empty(std::string_view content, std::size_t at) {
    replace(at, chunk(kFiller, std::string(content.size(), '\0')));
  }

  // With its size before it and its checksum behind.
  static std::string chunk(std::string_view name, std::string_view content) {
    const std::string named = std::string(name).append(content);
    return as_big_endian(content.size()) + named + as_big_endian(libdeflate_crc32(0, named.data(), named.size()));
  }

  void replace(std::size_t at, std::string_view chunks) {
    add_differences(at, bytes_.substr(at, chunks.size()), chunks, found_.without_position);
  }

  std::string_view bytes_;
  bool has_exif_ = false;
  Metadata found_;
};

}  // namespace

Metadata read_png_metadata(std::string_view bytes) {
  return PngWalker(bytes).run();
}

}  // namespace pipeline::media
