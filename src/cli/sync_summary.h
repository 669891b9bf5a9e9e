#pragma once

#include "pipeline/sync/sync.h"

#include "run_frame.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::cli {

// The counts of a run as JSON, for the table `runs`.
[[nodiscard]] std::string counts_json(const sync::Summary& summary);

// The summary of --json: docs/commands.md lists its keys.
[[nodiscard]] std::string summary_json(const RunFrame& frame, const sync::Summary& summary, bool dry_run,
                                       const std::vector<nlohmann::ordered_json>& plans);

// The same in words, the failures named.
[[nodiscard]] std::string summary_text(const RunFrame& frame, const sync::Summary& summary, bool dry_run);

// One product of a dry run.
[[nodiscard]] std::string plan_text(const sync::Plan& plan);
[[nodiscard]] nlohmann::ordered_json plan_json(const sync::Plan& plan);

}  // namespace pipeline::cli
