#pragma once

#include "pipeline/package/package.h"

#include "run_frame.h"

#include <string>

namespace pipeline::cli {

[[nodiscard]] std::string counts_json(const package::Summary& summary);
[[nodiscard]] std::string summary_json(const RunFrame& frame, const package::Summary& summary, bool from_queue);
// A line a post, but for unchanged ones, which are counted; then the counts.
[[nodiscard]] std::string summary_text(const RunFrame& frame, const package::Summary& summary, bool from_queue);

}  // namespace pipeline::cli
