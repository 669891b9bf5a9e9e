#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Keeps a metrics folder from growing with the years.
namespace pipeline::metrics {

// A file of a run in a metrics folder: `<command>-<run_id>.csv`, its samples, or what a kill left of one of them.
struct RunFile {
  std::filesystem::path path;
  std::string command;
  std::string run_id;
  WallTime started_at{};  // as the run id says
  std::uint64_t bytes = 0;
};

// Those of the folder, by the runs' start; no folder: none. What has another name is somebody else's. Throws Error.
[[nodiscard]] std::vector<RunFile> run_files_in(const std::filesystem::path& dir);

using IsMeant = std::function<bool(std::string_view run_id)>;

// Bytes of these runs' rows in a history.csv.
[[nodiscard]] std::uint64_t bytes_in_history(const std::filesystem::path& history, const IsMeant& is_meant);

// Takes them out of it; all other bytes stay as they are, with headers and lines that can't be read. The file is put in
// the place of the old one whole, and no run that ends meanwhile loses its rows. Memory does not grow with the file.
// Returns the bytes that went. Throws Error.
std::uint64_t remove_from_history(const std::filesystem::path& history, const IsMeant& is_meant);

}  // namespace pipeline::metrics
