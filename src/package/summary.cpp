#include "pipeline/package/package.h"

#include <algorithm>

// Apart from what builds packages: who only tells of them is linked without it.
namespace pipeline::package {

std::string_view to_string(Status status) noexcept {
  constexpr std::string_view kNames[] = {"built", "unchanged", "rejected", "failed", "sound"};
  return kNames[static_cast<std::size_t>(status)];
}

std::int64_t Summary::count(Status status) const noexcept {
  return std::ranges::count(packages, status, &Result::status);
}

}  // namespace pipeline::package
