#include "splice.h"

namespace pipeline::media {

std::string spliced(std::string_view file, const std::vector<Splice>& splices) {
  std::string out;
  out.reserve(file.size());
  std::size_t copied = 0;
  for (const auto& [at, size, bytes] : splices) {
    out += file.substr(copied, at - copied);
    out += bytes;
    copied = at + size;
  }
  out += file.substr(copied);
  return out;
}

}  // namespace pipeline::media
