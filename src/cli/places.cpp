#include "places.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view option, const fs::path& path, const std::string& why) {
  throw UsageError(fmt::format("{} {}: {}", option, path.string(), why));
}

[[noreturn]] void refuse_to_overwrite(std::string_view option, const fs::path& file, std::string_view what) {
  refuse(option, file, fmt::format("is {}, and would be written over: name another file", what));
}

// Why nothing can be written into the folder; empty: it can.
std::string trouble_with(const fs::path& folder) {
  std::error_code error;
  const auto status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found)
    return fmt::format("there is no folder {}: make it, or name another place", folder.string());
  if (error) return fmt::format("cannot look at {}: {}: name another place", folder.string(), error.message());
  if (!fs::is_directory(status)) return fmt::format("{} is no folder: name another place", folder.string());
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return fmt::format("cannot write into {}: {}: allow it for this user, or name another place", folder.string(),
                       std::strerror(errno));
  return {};
}

// The folder itself, or the nearest above it that is there.
fs::path nearest_there(fs::path folder) {
  std::error_code error;
  while (fs::status(folder, error).type() == fs::file_type::not_found && folder_of(folder) != folder)
    folder = folder_of(folder);
  return folder;
}

}  // namespace

void check_file_place(std::string_view option, const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (fs::is_directory(status)) refuse(option, file, "is a folder: name a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) {  // a device or a pipe is written into as it is
    if (::access(file.c_str(), W_OK) == 0) return;
    refuse(option, file, fmt::format("cannot be written: {}: name another place", std::strerror(errno)));
  }
  if (const auto trouble = trouble_with(folder_of(file)); !trouble.empty()) refuse(option, file, trouble);
}

void check_folder_place(std::string_view option, const fs::path& folder) {
  if (const auto trouble = trouble_with(nearest_there(folder)); !trouble.empty()) refuse(option, folder, trouble);
}

void check_apart(std::string_view option, const fs::path& file, const fs::path& needed, std::string_view what) {
  std::error_code error;
  const bool same_name = fs::weakly_canonical(file, error) == fs::weakly_canonical(needed, error);  // if not there yet
  if (same_name || fs::equivalent(file, needed, error)) refuse_to_overwrite(option, file, what);
}

void check_apart(std::string_view option, const fs::path& file, const store::Database& database) {
  if (database.is_in(file)) refuse_to_overwrite(option, file, "the database");
}

void check_database(const store::Database& database, std::string_view need) {
  std::error_code error;
  if (fs::is_directory(database.name(), error)) refuse("--db", database.name(), "is a folder: name a file in it");
  if (!database.is_there())
    throw UsageError(
        fmt::format("there is no database {}: {}name it with --db, or make it with a sync", database.name(), need));
}

void check_places(const CommonOptions& common, const store::Database& database) {
  database.check_place();
  check_folder_place("--metrics-dir", common.metrics_dir);
  if (common.prometheus.empty()) return;
  check_file_place("--prometheus", common.prometheus);
  check_apart("--prometheus", common.prometheus, database);
}

}  // namespace pipeline::cli
