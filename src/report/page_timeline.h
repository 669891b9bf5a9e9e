#pragma once

#include "page_history.h"
#include "page_samples.h"

#include <string>

namespace pipeline::report::page {

// The last run of a command: a lane a stage, each as high as there were under way, and the same in a table. In words
// when there are no samples.
[[nodiscard]] std::string timeline(const CommandHistory& command, const RunSamples& samples, const std::string& id);

}  // namespace pipeline::report::page
