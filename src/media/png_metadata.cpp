#include "metadata.h"
#include "xmp.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
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

// Texts that hold EXIF or XMP in another dress, as some programs write them: hexadecimal, or compressed. What they say
// is not looked at. And texts and provenance records that name a position.
bool may_hide_position(std::string_view name, std::string_view content) {
  constexpr std::array kKeywords{"Raw profile type exif"sv, "Raw profile type APP1"sv, "Raw profile type xmp"sv,
                                 "XML:com.adobe.xmp"sv};
  if (name == "caBX") return mentions_gps(content);
  if (name != "tEXt" && name != "zTXt" && name != "iTXt") return false;
  const std::string_view keyword = content.substr(0, content.find('\0'));
  return names_position(keyword) || std::ranges::find(kKeywords, keyword) != kKeywords.end() || mentions_gps(content);
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
    } else if (may_hide_position(name, content)) {
      collector.fill(0, content.size(), '\0');
      add_changed(kFiller, content, at, collector.take().without_position, found);
    }
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
