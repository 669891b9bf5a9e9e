#include "pipeline/base/folder.h"

#include "pipeline/base/error.h"

#include <fmt/core.h>

#include <system_error>

namespace pipeline {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

const std::filesystem::path& make_folder(const std::filesystem::path& folder, std::string_view what,
                                         std::string_view advice) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(fmt::format("cannot make {} {}: {}{}", what, folder.string(), failed.message(), advice));
  return folder;
}

}  // namespace pipeline
