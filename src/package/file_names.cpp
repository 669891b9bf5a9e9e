#include "file_names.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace pipeline::package {
namespace {

std::vector<std::string> those_that(const std::vector<std::string>& names, auto&& holds) {
  std::vector<std::string> found;
  std::ranges::copy_if(names, std::back_inserter(found), holds);
  return found;
}

}  // namespace

std::string percent_decoded(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    unsigned byte = 0;
    if (name.front() == '%' && name.size() >= 3 &&
        std::from_chars(name.data() + 1, name.data() + 3, byte, 16).ptr == name.data() + 3) {
      out += static_cast<char>(byte);
      name.remove_prefix(3);
    } else {
      out += name.front();
      name.remove_prefix(1);
    }
  }
  return out;
}

std::string shown_name(std::string_view name) {
  std::string decoded = percent_decoded(name);
  return is_utf8(decoded) ? decoded : std::string(name);
}

std::optional<std::string> name_meant(std::string_view written, const std::vector<std::string>& on_disk) {
  const std::string composed = to_nfc(written);
  auto found = those_that(on_disk, [&](const std::string& name) { return to_nfc(name) == composed; });
  if (!found.empty()) return std::move(found.front());
  const std::string folded = fold_case(written);
  found = those_that(on_disk, [&](const std::string& name) { return fold_case(name) == folded; });
  return found.size() == 1 ? std::optional(std::move(found.front())) : std::nullopt;
}

}  // namespace pipeline::package
