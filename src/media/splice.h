#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

// Bytes of a file to be replaced by others.
struct Splice {
  std::size_t at = 0;
  std::size_t size = 0;
  std::string bytes;
};

// The splices lie in the order of the file and do not overlap.
[[nodiscard]] std::string spliced(std::string_view file, const std::vector<Splice>& splices);

}  // namespace pipeline::media
