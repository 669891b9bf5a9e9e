#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/run_lock.h"
#include "pipeline/cli/command_line.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/metrics/report.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "budget_check.h"
#include "output.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::cli {

// What a command does, and how it tells of it; the frame calls these, in this order.
struct Course {
  std::function<void()> work;
  std::function<ExitCode(ExitCode)> note_end;  // in the table `runs`; returns the exit code to end with; may come again
  std::function<std::string()> json;           // the summary, with a line break at its end
  std::function<std::string()> text;
  std::function<bool()> has_stages = {};  // whether the table of stages has something to say; not set: yes
};

// What all commands do round their work: ids, metrics, and at the end, however that came, the reports.
class RunFrame {
 public:
  // Makes the metrics folder, where samples are kept meanwhile; without `reports` (a dry run) nothing is left behind.
  RunFrame(const CommonOptions& common, std::string command, const Clock& clock, Output& output, bool reports,
           BudgetCheck budget);

  [[nodiscard]] metrics::Metrics& metrics() noexcept { return metrics_; }
  [[nodiscard]] const metrics::RunInfo& info() const noexcept { return info_; }
  [[nodiscard]] double seconds() const;

  // Does the work. Whatever it throws is a failed run's end, no more: `code` and `stop_reason` say it, and what follows
  // is that of every run. The run is judged by its budget; then, of a run with reports, its CSV, samples and history
  // are written, its end is noted, and the Prometheus file is written, which tells the code that the run ends with.
  // Last the result is shown. What goes wrong in telling of the run is logged, and makes an otherwise good run a failed
  // one, which is noted: a night without numbers must be noticed. `code` is then the exit code to end with.
  //
  // Throws ReaderGoneError of a dry run only: it has nothing to do but to show.
  void carry_out(const Course& course, ExitCode& code, std::string& stop_reason);

  // A line of a dry run's plan, which goes out before the summary.
  void show_plan(const std::string& text);

  [[nodiscard]] const std::filesystem::path& csv() const noexcept { return csv_; }  // after the work; may be empty
  [[nodiscard]] double total(const std::string& metric) const;                      // the same; sum over all labels
  [[nodiscard]] nlohmann::ordered_json budget() const { return budget_.json(); }    // the same; its rules, or null

 private:
  void work(const Course& course, ExitCode& code, std::string& stop_reason) const;
  void finish(const Course& course, ExitCode& code);
  void note_end(const Course& course, ExitCode& code);
  void show_result(const Course& course);
  [[nodiscard]] bool collect();
  [[nodiscard]] bool judge(ExitCode& code);
  [[nodiscard]] bool write_reports();
  [[nodiscard]] bool write_prometheus(ExitCode code) const;

  const CommonOptions& common_;
  const Clock& clock_;
  Output& output_;
  const bool reports_;
  SteadyTime started_;
  metrics::RunInfo info_;
  metrics::Metrics metrics_;
  metrics::Timer whole_;
  BudgetCheck budget_;
  std::vector<metrics::Row> rows_;
  std::filesystem::path csv_;
};

// The run's database. A dry run reads what is there and leaves no trace: where there is none yet it compares with an
// empty one.
[[nodiscard]] store::Database open_database(const std::filesystem::path& path, bool dry_run,
                                            std::chrono::milliseconds patience, const Clock& clock,
                                            metrics::Metrics& metrics);

// The lock of one run at a time; another run is waited for like another process's transaction. `what` tells others who
// holds it. Throws TryLaterError naming the holder when the wait was in vain, Error when a signal ended it.
[[nodiscard]] RunLock wait_for_lock(const std::filesystem::path& db, std::string_view what, Nanoseconds patience,
                                    const Clock& clock, const Interrupt& interrupt);

// What is done to tell of a run that has ended: whatever it throws is logged behind `failure`, and takes nothing along.
[[nodiscard]] bool succeeds(std::string_view failure, const std::function<void()>& work);

// A run that did all it should, but for a budget: a fault in telling of it makes it a failed one.
[[nodiscard]] ExitCode failed_if_good(ExitCode code) noexcept;

// Notes in the table `runs` how the run ended. When it can't be noted that is logged, and makes an otherwise good run a
// failed one. Returns the exit code to end with.
[[nodiscard]] ExitCode note_end(store::Runs& runs, const RunFrame& frame, ExitCode code, const std::string& counts_json,
                                WallTime at);

// How the table `runs` says it: OK, PARTIAL, OVER_BUDGET, FAILED, INTERRUPTED, TRY_LATER.
[[nodiscard]] std::string_view runs_status(ExitCode code) noexcept;

// What every --json summary begins with: the run's ids, its command, how it ended and how long it took.
[[nodiscard]] nlohmann::ordered_json summary_head(const RunFrame& frame, ExitCode code);

// The exit code in a word, for summaries: ok, failed, usage, partial, over_budget, try_later, interrupted, terminated.
[[nodiscard]] std::string_view status_word(ExitCode code) noexcept;

}  // namespace pipeline::cli
