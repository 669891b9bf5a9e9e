#include "image_finder.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include "media_files.h"

#include <algorithm>
#include <charconv>

namespace pipeline::package {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    unsigned byte = 0;
    if (text.front() == '%' && text.size() >= 3 &&
        std::from_chars(text.data() + 1, text.data() + 3, byte, 16).ptr == text.data() + 3) {
      out += static_cast<char>(byte);
      text.remove_prefix(3);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string plain_name(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return to_nfc(name);  // macOS decomposes file names
}

// The last part of a name in a folder of pictures: what body and folder call that folder may differ.
std::string_view bare(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos || !is_picture_folder(name.substr(0, slash))) return name;
  return name.substr(slash + 1);
}

}  // namespace

ImageFinder::ImageFinder(std::span<const PostImage> images) {
  for (const PostImage& image : images) names_.push_back(plain_name(image.file));
}

std::optional<std::size_t> ImageFinder::find(std::string_view src) const {
  std::string slashed(src);  // as Windows writes it
  std::ranges::replace(slashed, '\\', '/');
  const std::string decoded = plain_name(percent_decoded(slashed));
  const auto find_by = [&](auto same) -> std::optional<std::size_t> {
    const auto found = std::ranges::find_if(names_, same);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  };
  // As written comes first: a file's name may have a percent sign of its own.
  for (const std::string& name : {plain_name(src), decoded})
    if (const auto exact = find_by([&](const std::string& other) { return other == name; })) return exact;
  if (const auto there = find_by([&](const std::string& other) { return bare(other) == bare(decoded); })) return there;
  return find_by([&](const std::string& other) { return equal_ignoring_case(bare(other), bare(decoded)); });
}

}  // namespace pipeline::package
