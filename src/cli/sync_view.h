#pragma once

#include "pipeline/sync/sync.h"

#include "progress_line.h"
#include "session.h"

#include <nlohmann/json.hpp>

#include <string>

// What a sync shows: how it gets on, its plan, its summary.
namespace pipeline::cli {

// Main thread.
class SyncProgress {
 public:
  explicit SyncProgress(Session& session);

  void update(const sync::Progress& progress);

 private:
  [[nodiscard]] std::string text(const sync::Progress& progress);
  [[nodiscard]] std::string waiting_text(const http::Outage& outage) const;

  const Clock& clock_;
  ProgressLine line_;
  Pace pace_;  // of details
  metrics::Counter throttled_list_;
  metrics::Counter throttled_detail_;
  sync::Phase phase_ = sync::Phase::token;
};

// One product of a dry run.
void show_plan(Session& session, const sync::Plan& plan);

// The counts of a run, for the table `runs`.
[[nodiscard]] nlohmann::ordered_json counts_json(const sync::Summary& summary);

// The summary of --json: docs/commands.md lists its keys.
[[nodiscard]] nlohmann::ordered_json summary_json(const Session& session, const sync::Summary& summary);

// The same in words, the failures named.
[[nodiscard]] std::string summary_text(const Session& session, const sync::Summary& summary);

}  // namespace pipeline::cli
