#pragma once

#include <filesystem>

namespace pipeline::bench {

// Two executables on the same workloads: what was released and what is to be.
struct ReleaseSettings {
  std::filesystem::path base;
  std::filesystem::path fresh;
  int runs = 7;
  std::filesystem::path out = "build/release-check/runs";
};

// Runs both in turns, after a warm-up of each, and leaves their reports in <out>/base/<workload>/ and
// <out>/new/<workload>/, for `pipeline report compare`, and what the processes took as a whole in <out>/processes.csv
// and .md. The folder has to be new or empty. Throws when a run fails, or did not do the same as its counterpart.
void run_release(const ReleaseSettings& settings);

}  // namespace pipeline::bench
