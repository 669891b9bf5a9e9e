#include "pipeline/report/run_group.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pipeline::report {
namespace {

bool is_run_csv(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name.ends_with(".csv") && name.find('-') != std::string::npos && !name.ends_with("-samples.csv");
}

std::vector<std::filesystem::path> runs_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (is_run_csv(entry.path())) files.push_back(entry.path());
  } catch (const std::filesystem::filesystem_error& e) {
    throw Error(fmt::format("cannot read the folder {}: {}", folder.string(), e.code().message()));
  }
  if (files.empty())
    throw UsageError(fmt::format("there is no run's CSV (<command>-<run_id>.csv) in the folder {}", folder.string()));
  std::ranges::sort(files);
  return files;
}

}  // namespace

RunGroup read_runs(const std::vector<std::filesystem::path>& paths) {
  RunGroup group;
  for (const auto& path : paths) {
    std::error_code none;
    if (std::filesystem::is_directory(path, none)) {
      const auto files = runs_in(path);
      group.files.insert(group.files.end(), files.begin(), files.end());
    } else {
      group.files.push_back(path);
    }
  }
  std::map<std::string, std::filesystem::path> seen;
  for (const auto& file : group.files) {
    group.runs.push_back(metrics::read_run_csv(file));
    const auto& id = group.runs.back().info.run_id;
    const auto [first, is_new] = seen.emplace(id, file);
    if (!is_new)
      throw UsageError(fmt::format("{} and {} are the same run, {}", first->second.string(), file.string(), id));
  }
  return group;
}

}  // namespace pipeline::report
