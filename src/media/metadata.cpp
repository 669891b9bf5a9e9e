#include "metadata.h"

#include "exif.h"
#include "film_metadata.h"
#include "reader.h"
#include "xmp.h"

#include <algorithm>
#include <utility>

namespace pipeline::media {

namespace {

Metadata read_once(ImageType type, std::string_view bytes) {
  switch (type) {
    case ImageType::png:
      return read_png_metadata(bytes);
    case ImageType::webp:
      return read_webp_metadata(bytes);
    case ImageType::gif:
      return read_gif_metadata(bytes);
    case ImageType::jpeg:
      break;
  }
  return read_jpeg_metadata(bytes);
}

}  // namespace

// What is emptied can be what led past a position: blocks that overlap, one in the text of another. So it is looked at
// again until nothing is left.
Metadata read_metadata(ImageType type, std::string_view bytes) {
  constexpr int kMostTimes = 4;
  Metadata metadata = read_once(type, bytes);
  if (metadata.without_position.empty()) return metadata;
  std::string cleared = overwritten(bytes, metadata.without_position);
  for (int times = 1; times < kMostTimes; ++times) {
    const Metadata left = read_once(type, cleared);
    if (left.without_position.empty()) return metadata;
    for (const auto& [at, after] : left.without_position) cleared.replace(at, after.size(), after);
    metadata.without_position.insert(metadata.without_position.end(), left.without_position.begin(),
                                     left.without_position.end());
    metadata.may_hurt |= left.may_hurt;
  }
  throw_damaged("its blocks of metadata overlap; save it anew");
}

void MetadataCollector::add_exif(std::size_t at, std::size_t size) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  if (file_.substr(at, size).starts_with(kPrefix)) {
    at += kPrefix.size();
    size -= kPrefix.size();
  }
  count_work(size);
  const Exif exif = read_exif(file_.substr(at, size));
  if (!std::exchange(has_exif_, true)) metadata_.orientation = exif.orientation;
  if (exif.without_position) change(at, *exif.without_position);
}

void MetadataCollector::add_xmp(std::size_t at, std::size_t size) {
  count_work(size);
  if (const auto scrubbed = xmp_without_position(file_.substr(at, size))) change(at, *scrubbed);
}

void MetadataCollector::change(std::size_t at, std::string_view after) {
  add_differences(at, file_.substr(at, after.size()), after, metadata_.without_position);
}

void MetadataCollector::count_work(std::size_t size) {
  // A thumbnail within EXIF may have metadata of its own: twice is ordinary.
  constexpr std::size_t kMostTimes = 8;
  work_ += size;
  if (work_ / kMostTimes > file_.size()) throw_damaged("its blocks of metadata overlap; save it anew");
}

void read_tail(std::string_view file, std::size_t from, MetadataCollector& collector) {
  if (from >= file.size()) return;
  for (const auto& [at, after] : read_jpeg_metadata(file.substr(from)).without_position)
    collector.change(from + at, after);
  scrub_films(file, from, collector);
}

}  // namespace pipeline::media
