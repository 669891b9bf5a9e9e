#include "xmp.h"

#include "bytes.h"
#include "position_text.h"

#include <algorithm>

namespace pipeline::media {
namespace {

// Goes through the tags of a packet and blanks what tells a position.
class XmpScrubber {
 public:
  explicit XmpScrubber(std::string_view packet) : text_(packet) {}

  // False when a tag has no end.
  bool run() {
    for (std::size_t at = 0; at != kNone;) {
      const std::size_t tag = text_.find('<', at);
      check_value(at, std::min(tag, text_.size()));
      if (tag == kNone) return true;
      at = tag_at(tag);
    }
    return false;
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  // Returns where to go on; none at a tag without an end.
  std::size_t tag_at(std::size_t at) {
    const std::string_view tag = std::string_view(text_).substr(at);
    if (tag.starts_with("<!--")) return behind_text("-->", at);
    if (tag.starts_with("<![CDATA[")) return behind_text("]]>", at);
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
      if (names_position(std::string_view(text_).substr(at, name_end - at)))
        blank(at, end + 1);
      else
        check_value(quote + 1, end);
      at = end + 1;
    }
  }

  [[nodiscard]] std::size_t behind(std::string_view what, std::size_t from) const {
    if (from == kNone) return kNone;
    const std::size_t at = text_.find(what, from);
    return at == kNone ? kNone : at + what.size();
  }

  std::size_t behind_text(std::string_view end, std::size_t at) {
    const std::size_t last = behind(end, at);
    if (last != kNone) check_value(at, last);
    return last;
  }

  // Of a name that says nothing of a position, such as a description.
  void check_value(std::size_t from, std::size_t to) {
    if (gives_position(std::string_view(text_).substr(from, to - from))) blank(from, to);
  }

  void blank(std::size_t from, std::size_t to) {
    std::fill(text_.begin() + static_cast<std::ptrdiff_t>(from), text_.begin() + static_cast<std::ptrdiff_t>(to), ' ');
  }

  std::string text_;
};

std::optional<std::string> scrubbed_once(std::string_view packet) {
  const bool is_text = packet.substr(0, packet.find_last_not_of('\0') + 1).find('\0') == kNone;  // not UTF-16
  XmpScrubber scrubber(packet);
  if (!is_text || !scrubber.run()) {
    if (is_text && !mentions_position(packet)) return {};
    return std::string(packet.size(), ' ');
  }
  if (scrubber.text() == packet) return {};
  return scrubber.text();
}

}  // namespace

std::optional<std::string> xmp_without_position(std::string_view packet) {
  auto scrubbed = scrubbed_once(packet);
  // What is no XML may read otherwise when a part of it is white space.
  if (scrubbed && scrubbed_once(*scrubbed)) scrubbed->assign(packet.size(), ' ');
  return scrubbed;
}

}  // namespace pipeline::media
