#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::media {

// Bytes of a file that give way to as many others. Nothing moves, so whatever points into the file stays right: offsets
// of maker notes, of further pictures (MPF), lengths of appended ones (XMP containers).
struct Overwrite {
  std::size_t at = 0;
  std::string bytes;
};

// In their order, should they overlap.
[[nodiscard]] std::string overwritten(std::string_view file, const std::vector<Overwrite>& overwrites);

// Adds what turns `before`, which lies at `at`, into `after`, which is as long: the runs of bytes that differ.
void add_differences(std::size_t at, std::string_view before, std::string_view after, std::vector<Overwrite>& result);

}  // namespace pipeline::media
