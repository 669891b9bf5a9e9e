#include "metadata.h"
#include "xmp.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

constexpr auto kNone = std::string_view::npos;
constexpr std::size_t kHeader = 8;  // size and name
constexpr std::size_t kCrc = 4;

std::size_t u32(std::string_view bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::string crc_of(std::string_view name_and_content) {
  const std::uint32_t crc = libdeflate_crc32(0, name_and_content.data(), name_and_content.size());
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8) bytes.push_back(static_cast<char>(crc >> (shift - 8U)));
  return bytes;
}

// Where the text of an uncompressed iTXt begins: behind keyword, two flags, language and translated keyword.
std::size_t plain_text_of(std::string_view content) {
  const std::size_t keyword_end = content.find('\0');
  if (keyword_end == kNone || keyword_end + 2 >= content.size() || content[keyword_end + 1] != 0) return kNone;
  const std::size_t language_end = content.find('\0', keyword_end + 3);
  if (language_end == kNone) return kNone;
  const std::size_t translated_end = content.find('\0', language_end + 1);
  return translated_end == kNone ? kNone : translated_end + 1;
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

struct Text {
  std::string keyword;
  std::optional<std::string> text;  // absent: it can't be read
};

Text text_of(std::string_view name, std::string_view content) {
  const std::size_t end = std::min(content.find('\0'), content.size());
  Text read{std::string(content.substr(0, end)), {}};
  const std::string_view rest = content.substr(std::min(end + 1, content.size()));
  if (name == "tEXt") read.text = std::string(rest);
  if (name == "zTXt" && rest.starts_with('\0')) read.text = inflated(rest.substr(1));
  if (name != "iTXt" || rest.size() < 2) return read;
  const std::size_t language_end = rest.find('\0', 2);
  const std::size_t translated_end = language_end == kNone ? kNone : rest.find('\0', language_end + 1);
  if (translated_end == kNone) return read;
  const std::string_view text = rest.substr(translated_end + 1);
  read.text = rest[0] == 0 ? std::string(text) : inflated(text);
  return read;
}

// ImageMagick's form: name and length in lines of their own, then hexadecimal digits.
std::optional<std::string> raw_profile(std::string_view text) {
  const std::size_t name = text.find('\n', 1);
  const std::size_t length = name == kNone ? kNone : text.find('\n', name + 1);
  if (length == kNone) return std::nullopt;
  std::string bytes;
  std::string digits;
  for (const char c : text.substr(length)) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) continue;
    digits.push_back(c);
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

// What a text that holds EXIF or XMP in another dress says, hexadecimal or compressed, as some programs write them.
// Absent: it can't be read.
std::optional<Metadata> profile_in(const Text& text) {
  const bool xmp = text.keyword == "XML:com.adobe.xmp" || text.keyword == "Raw profile type xmp";
  std::optional<std::string> bytes = text.text;
  if (bytes && text.keyword.starts_with("Raw profile type ")) bytes = raw_profile(*bytes);
  if (!bytes) return std::nullopt;
  MetadataCollector collector(*bytes);
  // `APP1` may be either.
  if (xmp || bytes->starts_with("http://ns.adobe.com/"))
    collector.add_xmp(0, bytes->size());
  else
    collector.add_exif(0, bytes->size());
  return collector.take();
}

bool is_profile(std::string_view keyword) {
  constexpr std::array kKeywords{"Raw profile type exif"sv, "Raw profile type APP1"sv, "Raw profile type xmp"sv,
                                 "XML:com.adobe.xmp"sv};
  return std::ranges::find(kKeywords, keyword) != kKeywords.end();
}

class Walker {
 public:
  explicit Walker(std::string_view bytes) : bytes_(bytes) {}

  Metadata run() {
    Metadata found;
    std::size_t at = kHeader;  // the file's signature is as long
    while (at + kHeader + kCrc <= bytes_.size()) {
      const std::size_t size = u32(bytes_, at);
      if (size > bytes_.size() - at - kHeader - kCrc) break;
      read_chunk(bytes_.substr(at, kHeader + size + kCrc), at, found);
      at += kHeader + size + kCrc;
    }
    return found;
  }

 private:
  void read_chunk(std::string_view chunk, std::size_t at, Metadata& found) {
    const std::string_view name = chunk.substr(4, 4);
    const std::string_view content = chunk.substr(kHeader, chunk.size() - kHeader - kCrc);
    MetadataCollector collector(content);
    if (name == "eXIf") {
      collector.add_exif(0, content.size());
      Metadata exif = collector.take();
      if (!std::exchange(has_exif_, true)) found.orientation = exif.orientation;
      add_changed(name, content, at, exif.without_position, found);
    } else if (name == "iTXt" && content.starts_with("XML:com.adobe.xmp\0"sv) && plain_text_of(content) != kNone) {
      const std::size_t text = plain_text_of(content);
      collector.add_xmp(text, content.size() - text);
      add_changed(name, content, at, collector.take().without_position, found);
    } else if (hides_position(name, content, found)) {
      collector.fill(0, content.size(), '\0');
      add_changed(kFiller, content, at, collector.take().without_position, found);
    }
  }

  // Whether a text, a profile within one or a provenance record names a position, or can't be read and so may.
  bool hides_position(std::string_view name, std::string_view content, Metadata& found) {
    if (name == "caBX") return mentions_gps(content);
    if (name != "tEXt" && name != "zTXt" && name != "iTXt") return false;
    const Text text = text_of(name, content);
    if (!is_profile(text.keyword))
      return names_position(text.keyword) || mentions_gps(text.text.value_or(std::string(content)));
    const std::optional<Metadata> profile = profile_in(text);
    if (!profile) return true;
    if (!text.keyword.ends_with("xmp") && !std::exchange(has_exif_, true)) found.orientation = profile->orientation;
    return !profile->without_position.empty();
  }

  // The chunk stays as long as it is, and its checksum right.
  static void add_changed(std::string_view name, std::string_view content, std::size_t at,
                          const std::vector<Overwrite>& changes, Metadata& found) {
    if (changes.empty()) return;
    const std::string named = std::string(name) + overwritten(content, changes);
    found.without_position.push_back({at + 4, named + crc_of(named)});
  }

  bool has_exif_ = false;
  std::string_view bytes_;
};

}  // namespace

Metadata read_png_metadata(std::string_view bytes) {
  return Walker(bytes).run();
}

}  // namespace pipeline::media
