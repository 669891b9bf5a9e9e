#pragma once

#include "pipeline/upsert/upsert.h"

#include "progress_line.h"
#include "session.h"

#include <nlohmann/json.hpp>

#include <string>

// What an upsert shows: how it gets on, its plan, its summary.
namespace pipeline::cli {

// Main thread.
class UpsertProgress {
 public:
  explicit UpsertProgress(Session& session);

  void update(const upsert::Progress& progress);

 private:
  [[nodiscard]] std::string text(const upsert::Progress& progress);

  const Clock& clock_;
  ProgressLine line_;
  Pace rows_;
  Pace bytes_;
};

// One product of a dry run.
void show_plan(Session& session, const upsert::Plan& plan);

// The counts of a run, for the table `runs`.
[[nodiscard]] nlohmann::ordered_json counts_json(const Session& session, const upsert::Summary& summary);

// The summary of --json: docs/commands.md lists its keys.
[[nodiscard]] nlohmann::ordered_json summary_json(const Session& session, const upsert::Summary& summary,
                                                  const upsert::Options& options);

// The same in words, the first failures named.
[[nodiscard]] std::string summary_text(const Session& session, const upsert::Summary& summary,
                                       const upsert::Options& options);

}  // namespace pipeline::cli
