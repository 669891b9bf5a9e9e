#include "jpeg_tail.h"

#include "bytes.h"
#include "film_metadata.h"

#include <algorithm>

namespace pipeline::media {
namespace {

// Samsung's ends with a directory: `SEFH`, version, count, an entry a block (kind, how far before the directory it
// begins, size), the directory's size, `SEFT`.
std::size_t find_samsung_trailer(std::string_view bytes) {
  constexpr std::size_t kHeader = 12;
  constexpr std::size_t kEntry = 12;
  constexpr std::size_t kFooter = 8;
  if (!bytes.ends_with("SEFT") || bytes.size() < kHeader + kFooter) return kNone;
  const std::size_t end = bytes.size() - kFooter;
  const std::size_t size = little_endian(bytes.substr(end, 4));
  if (size < kHeader || size > end || bytes.substr(end - size, 4) != "SEFH") return kNone;
  const std::size_t directory = end - size;
  std::size_t before = 0;
  for (std::size_t entry = directory + kHeader; entry + kEntry <= end; entry += kEntry)
    before = std::max(before, little_endian(bytes.substr(entry + 4, 4)));
  return before <= directory ? directory - before : kNone;
}

// Thumbnails in the segments before it have scans of their own.
std::size_t find_first_scan(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == '\xFF' && bytes[at + 1] != '\xDA')
    at +=
        2 + (std::size_t{static_cast<unsigned char>(bytes[at + 2])} << 8U | static_cast<unsigned char>(bytes[at + 3]));
  return bytes.substr(std::min(at, bytes.size())).starts_with("\xFF\xDA") ? at : kNone;
}

}  // namespace

std::size_t find_jpeg_tail(std::string_view bytes) {
  const std::size_t scan = find_first_scan(bytes);
  if (scan == kNone) return kNone;
  std::size_t tail = kNone;  // larger than any place
  for (const std::size_t at : {find_samsung_trailer(bytes), find_film(bytes, scan), bytes.find("\xFF\xD8\xFF", scan)})
    if (at > scan) tail = std::min(tail, at);
  return tail;
}

}  // namespace pipeline::media
