#include "run_frame.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <thread>
#include <utility>

namespace pipeline::cli {
namespace {

constexpr auto kLockPoll = std::chrono::milliseconds(50);

// Sorts by time and is unlikely to meet another: 20261122T221620-4bf92f35.
std::string make_run_id(WallTime now, const std::string& trace_id) {
  std::string stamp = format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}-{}", stamp, trace_id.substr(0, 8));
}

const std::filesystem::path& made(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(fmt::format("cannot make the metrics folder {}: {}", folder.string(), failed.message()));
  return folder;
}

}  // namespace

RunFrame::RunFrame(const CommonOptions& common, std::string command, const Clock& clock, bool reports,
                   BudgetCheck budget)
    : common_(common),
      clock_(clock),
      reports_(reports),
      started_(clock.now()),
      info_{make_run_id(clock.wall(), common.trace_id), common.trace_id, std::move(command), clock.wall()},
      metrics_(clock, reports ? made(common.metrics_dir) : std::filesystem::temp_directory_path()),
      whole_(metrics_.timer(info_.command + "_total_seconds")),
      budget_(std::move(budget)) {}

double RunFrame::seconds() const {
  return to_seconds(clock_.now() - started_);
}

ExitCode RunFrame::finish(ExitCode code, const NoteEnd& note_end) {
  metrics_.record(whole_, started_, clock_.now() - started_);
  if (!collect()) code = failed_if_good(code);
  code = budget_.judge(info_.command, rows_, code);
  if (!reports_) return code;
  info_.exit_code = static_cast<int>(code);
  if (!write_reports()) code = failed_if_good(code);
  code = note_end(code);
  if (!common_.prometheus.empty() && !write_prometheus(code)) {
    const ExitCode noted = std::exchange(code, failed_if_good(code));
    if (code != noted) code = note_end(code);
  }
  return code;
}

bool RunFrame::collect() {
  try {
    rows_ = metrics_.rows();
    return true;
  } catch (const Error& e) {
    log::error("the run's measurements are lost: {}", e.what());
    return false;
  }
}

bool RunFrame::write_reports() {
  try {
    csv_ = metrics::write_run_csv(common_.metrics_dir, info_, rows_);
    if (!common_.no_samples) metrics::write_samples_csv(common_.metrics_dir, info_, metrics_);
    metrics::append_history(common_.metrics_dir, info_, rows_);
    return true;
  } catch (const Error& e) {
    log::error("the run's reports are incomplete: {}", e.what());
    return false;
  }
}

bool RunFrame::write_prometheus(ExitCode code) const {
  try {
    metrics::write_prometheus(
        common_.prometheus, info_, rows_,
        {.at = clock_.wall(), .exit_code = static_cast<int>(code), .verdicts = budget_.verdicts()});
    return true;
  } catch (const Error& e) {
    log::error("the run's reports are incomplete: {}", e.what());
    return false;
  }
}

void RunFrame::show_result(const std::function<std::string()>& json, const std::function<std::string()>& text) const {
  if (common_.json) {
    fmt::print("{}\n", json());
  } else if (!common_.quiet) {
    if (reports_) fmt::print("{}\n", metrics::format_table(rows_));
    if (const auto table = budget_.table(); !table.empty()) fmt::print("{}\n", table);
    fmt::print("{}", text());
  }
  std::fflush(stdout);
}

double RunFrame::total(const std::string& metric) const {
  double sum = 0;
  for (const auto& row : rows_)
    if (row.metric == metric) sum += row.sum;
  return sum;
}

store::Database open_database(const std::filesystem::path& path, bool dry_run, std::chrono::milliseconds patience,
                              const Clock& clock, metrics::Metrics& metrics) {
  using Mode = store::Database::Mode;
  if (!dry_run) return store::Database(path, Mode::read_write, clock, metrics, patience);
  if (std::filesystem::exists(path)) return store::Database(path, Mode::read_only, clock, metrics, patience);
  return store::Database(":memory:", Mode::read_write, clock, metrics, patience);
}

RunLock wait_for_lock(const std::filesystem::path& db, std::string_view what, Nanoseconds patience, const Clock& clock,
                      const Interrupt& interrupt) {
  const SteadyTime give_up = clock.now() + patience;
  for (bool told = false;; told = true) {
    try {
      return RunLock(db, what, clock.wall());
    } catch (const TryLaterError& e) {
      if (clock.now() >= give_up) throw;
      if (!told) log::info("waiting: {}", e.what());
    }
    if (const int signal = interrupt.signal(); signal != 0)
      throw Error("stopped while waiting for another run to end",
                  signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted);
    std::this_thread::sleep_for(kLockPoll);
  }
}

ExitCode note_end(store::Runs& runs, const RunFrame& frame, ExitCode code, const std::string& counts_json,
                  WallTime at) {
  try {
    (void)runs.ended(frame.info().run_id, runs_status(code), static_cast<int>(code), counts_json, at);
  } catch (const Error& e) {
    log::error("the run's end is not recorded: {}", e.what());
    return failed_if_good(code);
  }
  return code;
}

ExitCode failed_if_good(ExitCode code) noexcept {
  return code == ExitCode::ok || code == ExitCode::over_budget ? ExitCode::failed : code;
}

std::string_view runs_status(ExitCode code) noexcept {
  switch (code) {
    case ExitCode::ok:
      return "OK";
    case ExitCode::partial:
      return "PARTIAL";
    case ExitCode::over_budget:
      return "OVER_BUDGET";
    case ExitCode::try_later:
      return "TRY_LATER";
    case ExitCode::interrupted:
    case ExitCode::terminated:
      return "INTERRUPTED";
    default:
      return "FAILED";
  }
}

nlohmann::ordered_json summary_head(const RunFrame& frame, ExitCode code) {
  return {{"run_id", frame.info().run_id}, {"trace_id", frame.info().trace_id},   {"command", frame.info().command},
          {"status", status_word(code)},   {"exit_code", static_cast<int>(code)}, {"seconds", frame.seconds()}};
}

std::string_view status_word(ExitCode code) noexcept {
  switch (code) {
    case ExitCode::ok:
      return "ok";
    case ExitCode::failed:
      return "failed";
    case ExitCode::usage:
      return "usage";
    case ExitCode::partial:
      return "partial";
    case ExitCode::over_budget:
      return "over_budget";
    case ExitCode::try_later:
      return "try_later";
    case ExitCode::interrupted:
      return "interrupted";
    case ExitCode::terminated:
      return "terminated";
  }
  return "failed";
}

}  // namespace pipeline::cli
