#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::media {

struct Exif {
  int orientation = 1;  // 1 to 8
  // The same block, of the same size, without the position it held; absent when it held none. Only what told the
  // position is overwritten: maker notes and thumbnails stay where the camera's offsets say.
  std::optional<std::string> without_position{};
};

// Reads the TIFF structure that EXIF is. Entries that do not fit into it count as absent, for no reader finds them. A
// block that is no such structure may hide a position from us but not from others: it becomes zeros.
[[nodiscard]] Exif read_exif(std::string_view tiff);

}  // namespace pipeline::media
