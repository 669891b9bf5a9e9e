#include "run_frame.h"

#include "pipeline/base/failure.h"
#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <exception>
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

constexpr std::string_view kIncomplete = "the run's reports are incomplete";

const std::filesystem::path& made(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw Error(fmt::format("cannot make the metrics folder {}: {}", folder.string(), failed.message()));
  return folder;
}

}  // namespace

RunFrame::RunFrame(const CommonOptions& common, std::string command, const Clock& clock, Output& output, bool reports,
                   BudgetCheck budget)
    : common_(common),
      clock_(clock),
      output_(output),
      reports_(reports),
      started_(clock.now()),
      info_{make_run_id(clock.wall(), common.trace_id), common.trace_id, std::move(command), clock.wall()},
      metrics_(clock, reports ? made(common.metrics_dir) : std::filesystem::temp_directory_path()),
      whole_(metrics_.timer(info_.command + "_total_seconds")),
      budget_(std::move(budget)) {}

double RunFrame::seconds() const {
  return to_seconds(clock_.now() - started_);
}

void RunFrame::carry_out(const Course& course, ExitCode& code, std::string& stop_reason) {
  work(course, code, stop_reason);
  finish(course, code);
  if (!reports_) return show_result(course);  // what a dry run can't show has come to nothing
  const bool shown = succeeds("the run's result can't be shown", [&] { show_result(course); });
  if (shown) return;
  code = failed_if_good(code);
  note_end(course, code);
}

void RunFrame::work(const Course& course, ExitCode& code, std::string& stop_reason) const {
  try {
    course.work();
  } catch (const ReaderGoneError&) {
    throw;
  } catch (...) {
    const Failure failure = failure_of(std::current_exception());
    code = failure.code;
    stop_reason = failure.message;
  }
  if (!stop_reason.empty()) log::error("{} ended early: {}", info_.command, stop_reason);
}

void RunFrame::finish(const Course& course, ExitCode& code) {
  if (!collect() || !judge(code)) code = failed_if_good(code);
  info_.exit_code = static_cast<int>(code);
  if (reports_ && !write_reports()) code = failed_if_good(code);
  note_end(course, code);
}

// Also that the run could not be told of is told of: the second time.
void RunFrame::note_end(const Course& course, ExitCode& code) {
  if (!reports_) return;
  code = course.note_end(code);
  if (common_.prometheus.empty() || write_prometheus(code)) return;
  const ExitCode noted = std::exchange(code, failed_if_good(code));
  if (code != noted) code = course.note_end(code);
}

bool RunFrame::collect() {
  return succeeds("the run's measurements are lost", [&] {
    metrics_.record(whole_, started_, clock_.now() - started_);
    rows_ = metrics_.rows();
  });
}

bool RunFrame::judge(ExitCode& code) {
  return succeeds("the run can't be judged by its budget", [&] { code = budget_.judge(info_.command, rows_, code); });
}

bool RunFrame::write_reports() {
  return succeeds(kIncomplete, [&] {
    csv_ = metrics::write_run_csv(common_.metrics_dir, info_, rows_);
    if (!common_.no_samples) metrics::write_samples_csv(common_.metrics_dir, info_, metrics_);
    metrics::append_history(common_.metrics_dir, info_, rows_);
  });
}

bool RunFrame::write_prometheus(ExitCode code) const {
  return succeeds(kIncomplete, [&] {
    metrics::write_prometheus(
        common_.prometheus, info_, rows_,
        {.at = clock_.wall(), .exit_code = static_cast<int>(code), .verdicts = budget_.verdicts()});
  });
}

// One JSON document with --json; else the table of the stages, when reports were written, the budget's, when one was
// given, and the summary in words; nothing with --quiet.
void RunFrame::show_result(const Course& course) {
  if (common_.json) {
    output_.write(course.json());
  } else if (!common_.quiet) {
    const bool has_stages = reports_ && (!course.has_stages || course.has_stages());
    if (has_stages) output_.write(metrics::format_table(rows_) + '\n');
    if (const auto table = budget_.table(); !table.empty()) output_.write(table + '\n');
    output_.write(course.text());
  }
  output_.flush();
}

void RunFrame::show_plan(const std::string& text) {
  if (!common_.json && !common_.quiet) output_.write(text);
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
  if (is_there(path)) return store::Database(path, Mode::read_only, clock, metrics, patience);
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
      throw Error("stopped while waiting for another run to end", exit_code_of_signal(signal));
    std::this_thread::sleep_for(kLockPoll);
  }
}

ExitCode note_end(store::Runs& runs, const RunFrame& frame, ExitCode code, const std::string& counts_json,
                  WallTime at) {
  const bool noted = succeeds("the run's end is not recorded", [&] {
    (void)runs.ended(frame.info().run_id, runs_status(code), static_cast<int>(code), counts_json, at);
  });
  return noted ? code : failed_if_good(code);
}

bool succeeds(std::string_view failure, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (...) {
    log::error("{}: {}", failure, failure_of(std::current_exception()).message);
    return false;
  }
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
