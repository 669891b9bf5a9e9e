#include "overwrite.h"

#include <algorithm>

namespace pipeline::media {

std::string overwritten(std::string_view file, const std::vector<Overwrite>& overwrites) {
  std::string out(file);
  for (const auto& [at, bytes] : overwrites) out.replace(at, bytes.size(), bytes);
  return out;
}

void add_differences(std::size_t at, std::string_view before, std::string_view after, std::vector<Overwrite>& result) {
  for (std::size_t i = 0; i < before.size();) {
    const auto differ = std::mismatch(before.begin() + static_cast<std::ptrdiff_t>(i), before.end(),
                                      after.begin() + static_cast<std::ptrdiff_t>(i));
    const auto from = static_cast<std::size_t>(differ.first - before.begin());
    std::size_t to = from;
    while (to < before.size() && before[to] != after[to]) ++to;
    if (to > from) result.push_back({at + from, std::string(after.substr(from, to - from))});
    i = to;
  }
}

}  // namespace pipeline::media
