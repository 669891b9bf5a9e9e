#include "pipeline/base/folder.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>

#include <system_error>

namespace pipeline {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::filesystem::path from_anywhere(const std::filesystem::path& path) {
  std::error_code failed;  // the current folder may be gone
  const auto whole = std::filesystem::absolute(path, failed).lexically_normal();
  if (failed) return path;
  return whole.has_filename() || !whole.has_relative_path() ? whole : whole.parent_path();
}

std::string shown_from_here(const std::filesystem::path& path) {
  std::error_code failed;
  const auto here = std::filesystem::current_path(failed);
  if (failed || path.is_relative() || here == here.root_path()) return path.string();
  const auto rest = path.lexically_relative(here);
  const bool is_within = !rest.empty() && rest != "." && *rest.begin() != "..";
  return is_within ? rest.string() : path.string();
}

const std::filesystem::path& make_folder(const std::filesystem::path& folder, std::string_view what,
                                         std::string_view advice) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(fmt::format("cannot make {} {}: {}{}", what, folder.string(), failed.message(), advice));
  return folder;
}

}  // namespace pipeline
