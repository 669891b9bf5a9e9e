#include "image_finder.h"

#include "pipeline/base/characters.h"

#include <algorithm>
#include <charconv>

namespace pipeline::package {
namespace {

constexpr std::string_view kFolder = "images/";

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

}  // namespace

ImageFinder::ImageFinder(std::span<const PostImage> images) {
  for (const PostImage& image : images) names_.push_back(plain_name(image.file));
}

std::optional<std::size_t> ImageFinder::find(std::string_view src) const {
  const std::string decoded = plain_name(percent_decoded(src));
  // As written comes first: a file's name may have a percent sign of its own.
  for (const std::string& name : {plain_name(src), decoded, std::string(kFolder) + decoded})
    if (const auto found = std::ranges::find(names_, name); found != names_.end())
      return static_cast<std::size_t>(found - names_.begin());
  return std::nullopt;
}

}  // namespace pipeline::package
