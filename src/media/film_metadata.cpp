#include "film_metadata.h"

#include "bytes.h"
#include "camera_records.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

// What boxes and keys of a position are called, in whatever box they stand.
constexpr std::array kPositionBoxes{"\xA9xyz"sv, "loci"sv};
constexpr std::array kPositionNames{"\xA9xyz"sv, "loci"sv, "location.ISO6709"sv};
constexpr std::array kContainers{"moov"sv, "trak"sv, "mdia"sv, "udta"sv, "ilst"sv, "moof"sv, "traf"sv};
constexpr std::size_t kDeepestBox = 16;

bool is_any_of(std::string_view type, std::span<const std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

struct FilmBox {
  std::size_t at = 0;
  std::size_t content = 0;
  std::size_t end = 0;
  std::string_view type;
};

class FilmScrubber {
 public:
  FilmScrubber(std::string_view file, MetadataCollector& collector) : file_(file), collector_(collector) {}

  // Returns what is behind the film; none when it could not be read.
  std::size_t scrub(std::size_t at) {
    bool has_header = false;
    for (auto box = box_at(at, file_.size()); box; box = box_at(at, file_.size())) {
      if (box->type == "moov") has_header = true;
      scrub(*box, 0);
      at = box->end;
    }
    return has_header ? at : kNone;
  }

 private:
  // Absent when there is none that ends within the limit.
  [[nodiscard]] std::optional<FilmBox> box_at(std::size_t at, std::size_t limit) const {
    constexpr std::size_t kHeader = 8;
    if (at > limit || limit - at < kHeader) return {};
    std::uint64_t size = big_endian(file_.substr(at, 4));
    std::size_t header = kHeader;
    if (size == 1 && limit - at >= 2 * kHeader) {
      size = big_endian(file_.substr(at + kHeader, 8));
      header = 2 * kHeader;
    }
    if (size == 0) size = limit - at;  // to the end
    if (size < header || size > limit - at) return {};
    return FilmBox{at, at + header, at + static_cast<std::size_t>(size), file_.substr(at + 4, 4)};
  }

  void scrub(const FilmBox& box, std::size_t depth) {
    if (depth == kDeepestBox) return;
    if (is_any_of(box.type, kPositionBoxes)) return free(box);
    if (is_any_of(box.type, kContainers)) return scrub_children(box.content, box.end, depth);
    if (box.type == "meta") return scrub_meta(box, depth);
    if (box.type == "XMP_") return collector_.add_xmp(box.content, box.end - box.content);
    if (box.type == "uuid") return scrub_uuid(box);
    if (box.type == "GPMF") scrub_gopro(box);
  }

  void scrub_children(std::size_t at, std::size_t end, std::size_t depth) {
    for (auto box = box_at(at, end); box; box = box_at(at, end)) {
      scrub(*box, depth + 1);
      at = box->end;
    }
  }

  // QuickTime's has no version; both begin with a handler.
  void scrub_meta(const FilmBox& meta, std::size_t depth) {
    const std::size_t version = file_.substr(meta.content, 8).ends_with("hdlr") ? 0 : 4;
    std::set<std::uint64_t> positions;
    std::size_t at = meta.content + version;
    for (auto box = box_at(at, meta.end); box; box = box_at(at, meta.end)) {
      if (box->type == "keys") positions = scrub_keys(*box);
      if (box->type == "ilst")
        scrub_items(*box, positions);
      else
        scrub(*box, depth + 1);
      at = box->end;
    }
  }

  // The numbers of the keys that name a position. The keys go as well.
  std::set<std::uint64_t> scrub_keys(const FilmBox& keys) {
    constexpr std::size_t kVersionAndCount = 8;
    std::set<std::uint64_t> positions;
    std::size_t at = keys.content + kVersionAndCount;
    std::uint64_t number = 1;
    for (auto key = box_at(at, keys.end); key; key = box_at(at, keys.end), ++number) {
      const std::string_view name = file_.substr(key->content, key->end - key->content);
      if (name.find("location") != kNone || name.find("GPS") != kNone || name.find("gps") != kNone) {
        positions.insert(number);
        collector_.fill(key->content, name.size(), '-');
      }
      at = key->end;
    }
    return positions;
  }

  // Named by the number of their key, or by themselves.
  void scrub_items(const FilmBox& items, const std::set<std::uint64_t>& positions) {
    std::size_t at = items.content;
    for (auto item = box_at(at, items.end); item; item = box_at(at, items.end)) {
      const std::string_view content = file_.substr(item->content, item->end - item->content);
      if (is_any_of(item->type, kPositionBoxes) || positions.contains(big_endian(item->type)) ||
          content.find("ISO6709") != kNone)
        free(*item);
      at = item->end;
    }
  }

  void scrub_uuid(const FilmBox& box) {
    constexpr auto kXmp = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"sv;
    if (!file_.substr(box.content, box.end - box.content).starts_with(kXmp)) return;
    const std::size_t at = box.content + kXmp.size();
    collector_.add_xmp(at, box.end - at);
  }

  void scrub_gopro(const FilmBox& box) {
    if (const auto after = gopro_without_position(file_.substr(box.content, box.end - box.content)))
      collector_.change(box.content, *after);
  }

  void free(const FilmBox& box) {
    collector_.change(box.at + 4, "free");
    collector_.fill(box.content, box.end - box.content, '\0');
  }

  std::string_view file_;
  MetadataCollector& collector_;
};

}  // namespace

std::size_t find_film(std::string_view file, std::size_t from) {
  constexpr std::size_t kLongest = 4096;
  constexpr auto kType = "ftyp"sv;
  for (std::size_t at = file.find(kType, from); at != kNone; at = file.find(kType, at + 1)) {
    if (at < from + 4) continue;
    const std::uint64_t size = big_endian(file.substr(at - 4, 4));
    if (size >= 16 && size <= kLongest) return at - 4;
  }
  return kNone;
}

void scrub_films(std::string_view file, std::size_t from, MetadataCollector& collector) {
  FilmScrubber scrubber(file, collector);
  for (std::size_t at = find_film(file, from); at != kNone; at = find_film(file, at)) {
    const std::size_t film = at;
    at = scrubber.scrub(film);
    if (at != kNone) continue;
    const auto is_there = [&](std::string_view name) { return file.find(name, film) != kNone; };
    if (std::ranges::any_of(kPositionNames, is_there)) collector.fill_unread(film, file.size() - film);
    return;
  }
}

}  // namespace pipeline::media
