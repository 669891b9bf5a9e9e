#include "image_finder.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/spelling.h"

#include "file_names.h"

#include <algorithm>
#include <array>

namespace pipeline::package {
namespace {

constexpr std::string_view kFolder = "images/";

std::string plain_name(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return to_nfc(name);  // macOS decomposes file names
}

// As Windows writes the way to a file.
std::string with_slashes(std::string name) {
  std::ranges::replace(name, '\\', '/');
  return name;
}

}  // namespace

ImageFinder::ImageFinder(std::span<const PostImage> images) {
  for (const PostImage& image : images) {
    names_.push_back(plain_name(image.file));
    folded_.push_back(fold_case(names_.back()));
  }
}

std::optional<std::size_t> ImageFinder::find(std::string_view src) const {
  const std::string decoded = plain_name(percent_decoded(src));
  const std::string turned = plain_name(with_slashes(decoded));
  // As written comes first: a file's name may have a percent sign of its own.
  const std::array<std::string, 4> ways{plain_name(src), decoded, turned, std::string(kFolder) + turned};
  for (const std::string& name : ways)
    if (const auto found = std::ranges::find(names_, name); found != names_.end())
      return static_cast<std::size_t>(found - names_.begin());
  for (const std::string& name : ways) {
    const std::string folded = fold_case(name);
    if (std::ranges::count(folded_, folded) == 1)
      return static_cast<std::size_t>(std::ranges::find(folded_, folded) - folded_.begin());
  }
  return std::nullopt;
}

std::string ImageFinder::suggestion(std::string_view src) const {
  const std::string name = plain_name(with_slashes(shown_name(src)));
  const std::string meant = did_you_mean(name, names_);
  return meant.empty() ? did_you_mean(std::string(kFolder) + name, names_) : meant;
}

}  // namespace pipeline::package
