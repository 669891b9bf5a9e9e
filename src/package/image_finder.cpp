#include "image_finder.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/spelling.h"

#include "file_names.h"
#include "media_files.h"

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

// The name within a folder of pictures: what body and disk call that folder may differ.
std::string_view bare(std::string_view name) {
  const auto slash = name.find('/');
  return slash != name.npos && is_picture_folder(name.substr(0, slash)) ? name.substr(slash + 1) : name;
}

}  // namespace

ImageFinder::ImageFinder(std::span<const PostImage> images) {
  for (const PostImage& image : images) {
    names_.push_back(plain_name(image.file));
    folded_.push_back(fold_case(bare(names_.back())));
  }
}

std::optional<std::size_t> ImageFinder::find(std::string_view src) const {
  const std::string decoded = plain_name(percent_decoded(src));
  const std::string turned = plain_name(with_slashes(decoded));
  // As written comes first: a file's name may have a percent sign of its own.
  const std::array<std::string, 3> ways{plain_name(src), decoded, turned};
  for (const std::string& name : ways)
    if (const auto found = std::ranges::find(names_, name); found != names_.end())
      return static_cast<std::size_t>(found - names_.begin());
  for (const std::string& name : ways)
    if (const auto found = std::ranges::find(names_, bare(name), bare); found != names_.end())
      return static_cast<std::size_t>(found - names_.begin());
  for (const std::string& name : ways) {
    const std::string folded = fold_case(bare(name));
    if (std::ranges::count(folded_, folded) == 1)
      return static_cast<std::size_t>(std::ranges::find(folded_, folded) - folded_.begin());
  }
  return std::nullopt;
}

std::string ImageFinder::suggestion(std::string_view src) const {
  const std::string whole = plain_name(with_slashes(shown_name(src)));
  const std::string name = whole.substr(0, whole.find_first_of("?#"));  // 1.jpg?type=w773, as blogs ask for a size
  for (const std::string& like : {name, std::string(kFolder) + name})
    if (std::string meant = did_you_mean(like, names_); !meant.empty()) return meant;
  const bool is_elsewhere = src.find("://") != src.npos || src.starts_with("data:");
  return is_elsewhere ? ": save it into images/ and name it there" : "";
}

}  // namespace pipeline::package
