#pragma once

#include "pipeline/base/clock.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

struct RunStart {
  std::string run_id;
  std::string trace_id;
  std::string command;
  std::string options_json;
  WallTime at{};
};

struct RunEnd {
  std::string_view status;  // OK, PARTIAL, OVER_BUDGET, FAILED, INTERRUPTED, TRY_LATER
  int exit_code = 0;
  std::string counts_json;  // the summary's
  WallTime at{};
};

// A run as it is noted.
struct RunRow {
  std::string run_id;
  std::string command;
  std::string status;  // RUNNING, KILLED, or as RunEnd has it
  std::optional<int> exit_code;
  WallTime started_at{};
  std::optional<WallTime> ended_at;
  std::string counts_json;  // empty: none
};

// The record of the runs, noted when they start (RUNNING) and when they end. The caller holds the run lock, so those
// that still say RUNNING at a start are of runs that were killed: they become KILLED, with no end, which nobody knows.
// Errors and threads as of Catalogue.
class Runs {
 public:
  virtual ~Runs() = default;

  virtual void start(const RunStart& run) = 0;
  // The run is noted by the first write() or remove() that changes a product, in the same transaction: one that finds
  // nothing to change leaves the database as it was.
  virtual void start_with_change(const RunStart& run) = 0;
  // Whether the run that was started here is noted.
  [[nodiscard]] virtual bool is_started() const = 0;
  // The end of the run that was started here, and its start if that is not noted yet. May be said anew. Does nothing
  // when none was started.
  virtual void end(const RunEnd& end) = 0;

  // What a run ended with. Absent: there is no such run, or it has not ended.
  [[nodiscard]] virtual std::optional<int> exit_code(std::string_view run_id) = 0;

  // Those that started since then, the latest first.
  [[nodiscard]] virtual std::vector<RunRow> since(WallTime time) = 0;
};

}  // namespace pipeline::store
