#include "bytes.h"
#include "metadata.h"
#include "photoshop_metadata.h"
#include "position_text.h"

#include <array>
#include <cstddef>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

constexpr auto kXmp = "\x21\xFF\x0BXMP DataXMP"sv;

// What follows XMP that lies in an extension as plain text: it leads readers who take that for sub-blocks to its end,
// from wherever they come (XMP specification part 3, 1.1.2).
constexpr auto kPlainXmpTrailer = [] {
  std::array<char, 258> trailer{'\x01'};
  for (int i = 0; i < 256; ++i) trailer[static_cast<std::size_t>(1 + i)] = static_cast<char>(255 - i);
  return trailer;
}();

class GifWalker {
 public:
  explicit GifWalker(std::string_view bytes) : bytes_(bytes), collector_(bytes) {}

  Metadata run() {
    const std::size_t end = walk_blocks();
    read_rest(end);
    read_tail(bytes_, end, collector_);
    return collector_.take();
  }

 private:
  // Returns where it ended: behind the last block, or at what is none.
  std::size_t walk_blocks() {
    constexpr std::size_t kHeader = 13;
    std::size_t at = kHeader + colours_at(10);
    while (at < bytes_.size()) {
      if (bytes_[at] == '\x21') {
        at = read_extension(at);
      } else if (bytes_[at] == '\x2C') {
        constexpr std::size_t kDescriptor = 10;
        constexpr std::size_t kCodeSize = 1;
        at = behind_blocks(at + kDescriptor + colours_at(at + 9) + kCodeSize);
      } else {
        return at;
      }
    }
    return at;
  }

  std::size_t read_extension(std::size_t at) {
    constexpr auto kGraphicControl = "\x21\xF9"sv;
    constexpr auto kApplication = "\x21\xFF"sv;
    constexpr auto kPhotoshop = "\x21\xFF\x0BMGK8BIM0000"sv;  // as ImageMagick writes it
    const std::string_view extension = bytes_.substr(at);
    if (extension.starts_with(kXmp)) {
      // It is plain text where who shows the picture comes to the end of the trailer too: else there are pixels
      // between.
      const std::size_t end = behind_plain_xmp(at + kXmp.size());
      if (end != kNone && end == behind_blocks(at + kXmp.size())) return read_plain_xmp(at + kXmp.size());
      // Some programs write XMP in sub-blocks, and a trailer that is cut leads nowhere once the text has changed.
      empty_if(at + kXmp.size(), mentions_position);
    } else if (extension.starts_with(kPhotoshop)) {
      read_photoshop_blocks(at + kPhotoshop.size());
    } else if (!extension.starts_with(kGraphicControl)) {
      empty_if(at + 2 + (extension.starts_with(kApplication) ? name_at(at + 2) : 0), tells_position);
    }
    return behind_blocks(at + 2);
  }

  // None when its trailer is not whole.
  [[nodiscard]] std::size_t behind_plain_xmp(std::size_t at) const {
    const std::size_t end = bytes_.find(std::string_view(kPlainXmpTrailer.data(), kPlainXmpTrailer.size()), at);
    return end == kNone ? kNone : end + kPlainXmpTrailer.size();
  }

  // Returns what is behind it and its trailer; none when that is not whole.
  std::size_t read_plain_xmp(std::size_t at) {
    const std::size_t end = behind_plain_xmp(at);
    if (end != kNone) collector_.add_xmp(at, end - kPlainXmpTrailer.size() - at);
    return end;
  }

  // Nobody who shows the picture looks there.
  void read_rest(std::size_t from) {
    for (std::size_t at = bytes_.find(kXmp, from); at != kNone; at = bytes_.find(kXmp, at)) {
      at = read_plain_xmp(at + kXmp.size());
      if (at == kNone) return;
    }
  }

  // What sub-blocks hold, and how it becomes another that is as long.
  [[nodiscard]] std::string joined_blocks(std::size_t first) const {
    std::string all;
    for (std::size_t at = first; size_at(at) > 0; at += 1 + size_at(at)) all += bytes_.substr(at + 1, size_at(at));
    return all;
  }
  void change_blocks(std::size_t first, std::string_view after) {
    for (std::size_t at = first; size_at(at) > 0; at += 1 + size_at(at)) {
      collector_.change(at + 1, after.substr(0, size_at(at)));
      after.remove_prefix(size_at(at));
    }
  }

  void empty_if(std::size_t first, bool (&tells)(std::string_view)) {
    const std::string text = joined_blocks(first);
    if (tells(text)) change_blocks(first, std::string(text.size(), ' '));
  }

  void read_photoshop_blocks(std::size_t first) {
    const std::string resources = joined_blocks(first);
    MetadataCollector inner(resources);
    read_photoshop(resources, 0, resources.size(), inner);
    change_blocks(first, overwritten(resources, inner.take().without_position));
  }

  // The size of a table of colours, by the flags at `at`.
  [[nodiscard]] std::size_t colours_at(std::size_t at) const {
    const unsigned flags = at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
    return (flags & 0x80U) != 0 ? std::size_t{6} << (flags & 7U) : 0;
  }

  // Of a sub-block that lies in the file; 0: none.
  [[nodiscard]] std::size_t size_at(std::size_t at) const {
    const std::size_t size = at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
    return at < bytes_.size() && size < bytes_.size() - at ? size : 0;
  }

  // Of the block that names an application: eleven bytes, but a damaged one says otherwise.
  [[nodiscard]] std::size_t name_at(std::size_t at) const { return size_at(at) > 0 ? 1 + size_at(at) : 0; }

  [[nodiscard]] std::size_t behind_blocks(std::size_t at) const {
    while (size_at(at) > 0) at += 1 + size_at(at);
    return at + 1;
  }

  std::string_view bytes_;
  MetadataCollector collector_;
};

}  // namespace

Metadata read_gif_metadata(std::string_view bytes) {
  return GifWalker(bytes).run();
}

}  // namespace pipeline::media
