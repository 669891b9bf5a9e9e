#pragma once

#include "pipeline/cli/command_line.h"
#include "pipeline/upsert/upsert.h"

#include "run_frame.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::cli {

// The counts of a run as JSON, for the table `runs`.
[[nodiscard]] std::string counts_json(const upsert::Summary& summary, const RunFrame& frame);

// The summary of --json: docs/commands.md lists its keys.
[[nodiscard]] std::string summary_json(const RunFrame& frame, const upsert::Summary& summary,
                                       const UpsertCommand& command, const std::vector<nlohmann::ordered_json>& plans);

// The same in words, the first failures named.
[[nodiscard]] std::string summary_text(const RunFrame& frame, const upsert::Summary& summary,
                                       const UpsertCommand& command);

// One product of a dry run.
[[nodiscard]] std::string plan_text(const upsert::Plan& plan);
[[nodiscard]] nlohmann::ordered_json plan_json(const upsert::Plan& plan);

}  // namespace pipeline::cli
