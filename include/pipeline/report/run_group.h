#pragma once

#include "pipeline/metrics/run_files.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::report {

// Runs that stand for the same: each a CSV that was named, or one of a folder that was.
struct RunGroup {
  std::vector<metrics::Run> runs;
  std::vector<std::filesystem::path> files;  // of each
};

// Of a folder every `<command>-*.csv` is taken, by name, but no samples and no history. Throws Error naming what can't
// be read, UsageError naming a folder without runs, or the two files when a run comes twice.
[[nodiscard]] RunGroup read_runs(const std::vector<std::filesystem::path>& paths);

}  // namespace pipeline::report
