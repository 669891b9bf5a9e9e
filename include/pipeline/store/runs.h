#pragma once

#include "pipeline/store/database.h"

#include <optional>
#include <string_view>

namespace pipeline::store {

// The table `runs`: one row a run, written when it starts (status RUNNING) and when it ends. Same thread as its
// database.
class Runs {
 public:
  explicit Runs(Database& database);

  // The caller holds the run lock, so rows that still say RUNNING are of runs that were killed: they become KILLED,
  // with no end, which nobody knows. Part of the caller's transaction when one is open, else one of its own.
  void started(std::string_view run_id, std::string_view trace_id, std::string_view command,
               std::string_view options_json, WallTime at);
  // In a transaction of its own. False: there is no row of the run. `status`: OK, PARTIAL, OVER_BUDGET, FAILED,
  // INTERRUPTED, TRY_LATER. `counts_json`: the summary's counts.
  bool ended(std::string_view run_id, std::string_view status, int exit_code, std::string_view counts_json,
             WallTime at);
  // What it ended with. Absent: there is no such run, or it has not ended.
  [[nodiscard]] std::optional<int> exit_code(std::string_view run_id);

 private:
  Database& database_;
  Statement kill_;
  Statement start_;
  Statement end_;
  Statement exit_code_;
};

}  // namespace pipeline::store
