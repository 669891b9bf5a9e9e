#pragma once

#include "pipeline/media/image.h"

#include "overwrite.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

// What is said beside the pixels, as far as it matters here.
struct Metadata {
  int orientation = 1;  // EXIF's, 1 to 8
  std::vector<Overwrite>
      without_position;   // what to change in the file so that no position is left; empty: there is none
  bool may_hurt = false;  // part of that could not be told from the pixels: the picture has to be read again
};

// Of a file that its reader accepted; of others as much as is found. The pixels are walked over, not decoded. Throws
// ImageError when blocks of metadata overlap so often that reading them would take for ever.
[[nodiscard]] Metadata read_metadata(ImageType type, std::string_view bytes);

// One for each format.
[[nodiscard]] Metadata read_jpeg_metadata(std::string_view bytes);
[[nodiscard]] Metadata read_png_metadata(std::string_view bytes);
[[nodiscard]] Metadata read_webp_metadata(std::string_view bytes);
[[nodiscard]] Metadata read_gif_metadata(std::string_view bytes);

// EXIF (a TIFF structure, maybe behind `Exif\0\0` where that is no part of the format) or an XMP packet of the file:
// what they say is added to what is known. The first EXIF block tells the orientation.
class MetadataCollector {
 public:
  explicit MetadataCollector(std::string_view file) : file_(file) {}

  void add_exif(std::size_t at, std::size_t size);
  void add_xmp(std::size_t at, std::size_t size);
  void change(std::size_t at, std::string_view after);
  void fill(std::size_t at, std::size_t size, char with) { change(at, std::string(size, with)); }
  // EXIF blocks from here on are those of other pictures of the file.
  void keep_orientation() noexcept { has_exif_ = true; }
  // Of what can't be read: it may be anything.
  void fill_unread(std::size_t at, std::size_t size) {
    fill(at, size, '\0');
    metadata_.may_hurt = true;
  }
  // To be called before bytes are looked at that may have been looked at before. Throws ImageError.
  void count_work(std::size_t size);

  [[nodiscard]] Metadata take() noexcept { return std::move(metadata_); }

 private:
  std::string_view file_;
  std::size_t work_ = 0;
  bool has_exif_ = false;
  Metadata metadata_;
};

// What stands behind the picture, from `from` on: no part of it, but it may be another, or a film.
void read_tail(std::string_view file, std::size_t from, MetadataCollector& collector);

}  // namespace pipeline::media
