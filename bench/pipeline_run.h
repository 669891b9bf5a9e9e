#pragma once

#include "sync_place.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {

// What a run of the executable told of itself, and how long the process lived by the clock of another.
struct PipelineRun : SyncRun {
  double seconds = 0;
};

// Runs `EXECUTABLE ARGUMENTS --json …` with its metrics in `folder`. Throws, with what the executable said, unless the
// run ended with 0.
[[nodiscard]] PipelineRun run_pipeline(std::vector<std::string> arguments, const std::filesystem::path& folder,
                                       const std::string& executable = test::pipeline_binary());

}  // namespace pipeline::bench
