#include "xmp.h"

#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pipeline::media {
namespace {

constexpr auto kNone = std::string_view::npos;

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  const auto equal = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), equal) != text.end();
}

// Goes through the tags of a packet and blanks what tells a position.
class Scrubber {
 public:
  explicit Scrubber(std::string_view packet) : text_(packet) {}

  // False when a tag has no end.
  bool run() {
    for (std::size_t at = text_.find('<'); at != kNone; at = text_.find('<', at)) {
      at = tag_at(at);
      if (at == kNone) return false;
    }
    return true;
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  // Returns where to go on; none at a tag without an end.
  std::size_t tag_at(std::size_t at) {
    const std::string_view tag = std::string_view(text_).substr(at);
    if (tag.starts_with("<!--")) return behind("-->", at);
    if (tag.starts_with("<![CDATA[")) return behind("]]>", at);
    if (tag.starts_with("<?")) return behind("?>", at);
    if (tag.starts_with("<!") || tag.starts_with("</")) return behind(">", at);
    return start_tag_at(at);
  }

  std::size_t start_tag_at(std::size_t at) {
    const std::size_t name_end = text_.find_first_of(" \t\r\n/>", at);
    if (name_end == kNone) return kNone;
    const std::string name = text_.substr(at + 1, name_end - at - 1);
    const std::size_t end = attributes_at(name_end);
    if (end == kNone || !names_position(name)) return end;
    const bool closed = text_[end - 2] == '/';
    const std::size_t last = closed ? end : behind(">", text_.find("</" + name, end));
    if (last == kNone) return kNone;
    blank(at, last);
    return last;
  }

  // Returns what is behind the tag's `>`.
  std::size_t attributes_at(std::size_t at) {
    for (;;) {
      at = text_.find_first_not_of(" \t\r\n/", at);
      if (at == kNone) return kNone;
      if (text_[at] == '>') return at + 1;
      const std::size_t name_end = text_.find_first_of(" \t\r\n=>", at);
      const std::size_t quote = text_.find_first_of("\"'>", at);
      if (name_end == kNone || quote == kNone || text_[quote] == '>') return kNone;
      const std::size_t end = text_.find(text_[quote], quote + 1);
      if (end == kNone) return kNone;
      if (names_position(std::string_view(text_).substr(at, name_end - at))) blank(at, end + 1);
      at = end + 1;
    }
  }

  [[nodiscard]] std::size_t behind(std::string_view what, std::size_t from) const {
    if (from == kNone) return kNone;
    const std::size_t at = text_.find(what, from);
    return at == kNone ? kNone : at + what.size();
  }

  void blank(std::size_t from, std::size_t to) {
    std::fill(text_.begin() + static_cast<std::ptrdiff_t>(from), text_.begin() + static_cast<std::ptrdiff_t>(to), ' ');
  }

  std::string text_;
};

}  // namespace

bool names_position(std::string_view name) {
  if (name.starts_with("xmlns")) return false;  // what the names mean, not one of them
  // By what the name means, whatever the namespace is called: `dwc:decimalLatitude` as well as `exif:GPSLatitude`.
  constexpr std::array<std::string_view, 5> kParts{"gps", "latitude", "longitude", "longtitude", "iso6709"};
  constexpr std::array<std::string_view, 7> kNames{
      "lat", "long", "lon", "geotag", "geohash", "footprintWKT", "verbatimCoordinates"};
  const std::string_view local = name.substr(name.rfind(':') + 1);
  return std::ranges::any_of(kParts, [&](std::string_view part) { return contains_ignoring_case(local, part); }) ||
         std::ranges::any_of(kNames, [&](std::string_view other) { return equal_ignoring_case(local, other); });
}

bool mentions_position(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords{":gps", "latitude", "longitude", "geo:lat", "geo:lon", "iso6709"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return contains_ignoring_case(text, word); });
}

std::optional<std::string> xmp_without_position(std::string_view packet) {
  const bool is_text = packet.substr(0, packet.find_last_not_of('\0') + 1).find('\0') == kNone;  // not UTF-16
  Scrubber scrubber(packet);
  if (!is_text || !scrubber.run()) {
    if (is_text && !mentions_position(packet)) return {};
    return std::string(packet.size(), ' ');
  }
  if (scrubber.text() == packet) return {};
  return scrubber.text();
}

}  // namespace pipeline::media
