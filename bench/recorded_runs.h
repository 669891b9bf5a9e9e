#pragma once

#include "pipeline/metrics/run_files.h"

#include <map>
#include <string>
#include <vector>

namespace pipeline::bench {

// A side's runs, by round.
using Runs = std::vector<metrics::Run>;

// The runs of each side in a file of bench/recorded/: side,round,metric,count,sum,p50,p95,p99. The lines that begin
// with
// `#` are added to `comments`. Throws Error.
[[nodiscard]] std::map<std::string, Runs> read_recorded(const std::string& file, std::string& comments);

}  // namespace pipeline::bench
