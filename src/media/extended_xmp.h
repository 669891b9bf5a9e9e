#pragma once

#include "metadata.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

// XMP packets too long for one segment of a JPEG go on in further segments (XMP specification part 3, 1.1.3.1): each
// names its packet by a GUID, the MD5 of the whole, and knows the offset of its piece.
class ExtendedXmp {
 public:
  explicit ExtendedXmp(std::string_view file) : file_(file) {}

  // What is behind the namespace in such a segment. False when it is too short to be one.
  bool add(std::size_t at, std::size_t size);

  // Takes the positions out of all packets. The GUIDs follow, here and where the main packet names them: a reader that
  // verifies them still takes the rest, which may hold a second picture.
  void scrub(MetadataCollector& collector);

 private:
  struct Piece {
    std::string_view offset;  // big-endian, so that it sorts
    std::size_t at = 0;
    std::size_t size = 0;
  };
  void scrub(std::string_view guid, const std::vector<Piece>& pieces, MetadataCollector& collector) const;

  std::string_view file_;
  std::map<std::string_view, std::vector<Piece>> packets_;  // by GUID
};

}  // namespace pipeline::media
