#include "session.h"

#include "pipeline/base/failure.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/trace_id.h"

#include "change_words.h"
#include "command_line.h"
#include "engine.h"
#include "standing_gauges.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr auto kLockPoll = std::chrono::milliseconds(50);
constexpr double kLeastShare = 0.01;  // of the run's time that a stage in the table took
constexpr std::string_view kIncomplete = "the run's reports are incomplete";

// Sorts by time and is unlikely to meet another: 20261122T221620-4bf92f35. Several runs may share a trace, as those of
// a night do.
std::string make_run_id(WallTime now) {
  std::string stamp = format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}-{}", stamp, make_trace_id().substr(0, 8));
}

std::vector<std::string> own_variables() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (const std::string_view text = *variable; text.starts_with("PIPELINE_"))
      names.emplace_back(text.substr(0, text.find('=')));
  return names;
}

// `new     SKU            name`, and one line per change below.
std::string plan_text(std::string_view action, std::string_view sku, std::string_view name,
                      const std::vector<catalogue::Change>& changes, const Language& language) {
  constexpr std::size_t kWord = 8;
  std::string text = fmt::format("{}{:<14} {}", padded(language.text(action), kWord), sku, name);
  for (const auto& change : changes)
    text += fmt::format("\n          {} {}", padded(language.text(to_string(change.reason)), kWord),
                        change_words(change, language));
  return text + "\n";
}

// {action, sku, name, changes: [{reason, field, old, new}]}
ordered_json plan_json(std::string_view action, std::string_view sku, std::string_view name,
                       const std::vector<catalogue::Change>& changes) {
  auto list = ordered_json::array();
  for (const auto& change : changes)
    list.push_back({{"reason", to_string(change.reason)},
                    {"field", change.field},
                    {"old", ordered_json::parse(change.before)},
                    {"new", ordered_json::parse(change.after)}});
  return {{"action", action}, {"sku", sku}, {"name", name}, {"changes", std::move(list)}};
}

// What is done to tell of a run that has ended: whatever it throws is logged behind `failure`, and takes nothing along.
bool succeeds(std::string_view failure, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (...) {
    log::error("{}: {}", failure, failure_of(std::current_exception()).message);
    return false;
  }
}

// A run that did all it should, but for a budget: a fault in telling of it makes it a failed one.
ExitCode failed_if_good(ExitCode code) noexcept {
  return code == ExitCode::ok || code == ExitCode::over_budget ? ExitCode::failed : code;
}

}  // namespace

Session::Session(std::string command, CommonOptions& common, Output& output, const PictureWork* pictures)
    : common_(common), output_(output), pictures_(pictures), started_(clock_.now()) {
  if (common_.trace_id.empty()) common_.trace_id = make_trace_id();
  if (common_.quiet && common_.log_level < log::Level::warn) common_.log_level = log::Level::warn;
  log::init({common_.log_level, common_.log_format, common_.trace_id});
  output_.speak(Language(language_of(common_.language)));
  for (const auto& stray : stray_variables(own_variables())) log::warn("{}", stray);
  info_.trace_id = common_.trace_id;
  info_.command = std::move(command);
}

ExitCode Session::end(bool shows, const std::function<ExitCode()>& work) {
  const auto fail = [&](const Failure& failure) {
    log::error("{}: {}", command(), failure.message);
    verdict_ = verdict_text(command(), failure.code, failure.message);
    if (!common_.json && common_.log_format == log::Format::text && !output_.language().is_english())
      std::fprintf(stderr, "%s\n", output_.language().text(verdict_).c_str());
    if (common_.json && output_.take_back()) tell_refusal(command(), common_.trace_id, failure, output_);
    return failure.code;
  };
  ExitCode code = ExitCode::ok;
  try {
    code = work();
    output_.flush();
    return code;
  } catch (const ReaderGoneError& e) {
    return shows ? code : fail({e.code(), e.what()});
  } catch (...) {
    return fail(failure_of(std::current_exception()));
  }
}

ExitCode Session::end(const Entry& entry, Command& command) {
  if ((entry.traits & kReports) != 0) interrupt_.emplace();
  const ExitCode code = end((entry.traits & kShows) != 0 || common_.dry_run, [&] {
    if ((entry.traits & kBudget) != 0) budget_ = BudgetCheck(common_);
    if ((entry.traits & kNotify) != 0 && !common_.dry_run && !common_.within_night)
      news_ = News(common_, info_.command, database(), clock_);
    return command.run(*this);
  });
  news_.tell(code, verdict_, output_.language());
  return code;
}

void Session::lock(Nanoseconds patience, Among among) {
  if (common_.dry_run || common_.within_night) return;
  const SteadyTime give_up = clock_.now() + patience;
  for (bool told = false;; told = true) {
    try {
      const std::string what = "pipeline " + command();
      lock_ = among == Among::workers ? database().join(what, clock_.wall()) : database().lock(what, clock_.wall());
      return;
    } catch (const TryLaterError& e) {
      if (clock_.now() >= give_up) throw;
      if (!told) log::info("waiting: {}", e.what());
    }
    if (const int signal = interrupt().signal(); signal != 0)
      throw Error("stopped while waiting for another run to end", exit_code_of_signal(signal));
    std::this_thread::sleep_for(kLockPoll);
  }
}

void Session::begin(bool reports) {
  reports_ = reports && !common_.dry_run;
  started_ = clock_.now();
  info_.started_at = clock_.wall();
  info_.run_id = make_run_id(info_.started_at);
  metrics_.emplace(clock_, reports_ ? make_folder(common_.metrics_dir, "the metrics folder")
                                    : std::filesystem::temp_directory_path());
  whole_ = metrics_->timer(command().substr(0, command().find(' ')) + "_total_seconds");
}

const PictureWork& Session::pictures() const {
  if (pictures_ == nullptr) throw std::logic_error(info_.command + " lacks the trait kPictures");
  return *pictures_;
}

store::Database& Session::database() {
  return *shared_database();
}

const std::shared_ptr<store::Database>& Session::shared_database() {
  if (!database_) database_ = choose_database(common_.db);
  return database_;
}

store::Store Session::open_store(store::Opening::Mode mode, std::optional<bool> key_index) {
  return database().open(clock_, {.mode = mode,
                                  .patience = std::chrono::duration_cast<std::chrono::milliseconds>(common_.lock_wait),
                                  .metrics = &metrics(),
                                  .key_index = key_index});
}

store::RunStart Session::start_of(const ordered_json& options) const {
  return {.run_id = info_.run_id,
          .trace_id = info_.trace_id,
          .command = info_.command,
          .options_json = options.dump(-1, ' ', false, ordered_json::error_handler_t::replace),
          .at = info_.started_at};
}

double Session::seconds() const {
  return to_seconds(clock_.now() - started_);
}

ExitCode Session::carry_out(const Course& course, ExitCode& code, std::string& stop_reason) {
  work(course, code, stop_reason);
  finish(course, code, stop_reason);
  if (!reports_) {
    show_result(course);  // what a dry run can't show has come to nothing
  } else if (!succeeds("the run's result can't be shown", [&] { show_result(course); })) {
    code = failed_if_good(code);
    note_end(course, code);
  }
  return code;
}

void Session::work(const Course& course, ExitCode& code, std::string& stop_reason) const {
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

void Session::finish(const Course& course, ExitCode& code, const std::string& stop_reason) {
  const bool judged =
      succeeds("the run's measurements are lost", [&] { collect(); }) &&
      succeeds("the run can't be judged by its budget", [&] { code = budget_.judge(info_.command, rows_, code); });
  if (!judged) code = failed_if_good(code);
  info_.exit_code = static_cast<int>(code);
  if (reports_ && !write_reports()) code = failed_if_good(code);
  note_end(course, code);
  const bool is_partial = code == ExitCode::partial && stop_reason.empty() && course.trouble;
  verdict_ = verdict_text(info_.command, code, is_partial ? course.trouble() : stop_reason);
}

// Also that the run could not be told of is told of: the second time.
void Session::note_end(const Course& course, ExitCode& code) {
  if (!reports_) return;
  code = note_end_once(course, code);
  if (common_.prometheus.empty() || write_prometheus(code)) return;
  const ExitCode noted = std::exchange(code, failed_if_good(code));
  if (code != noted) code = note_end_once(course, code);
}

// A run that waits for a change to be noted, found none, and nothing amiss, leaves the database as it was. One that
// could not get at the database need not wait for it once more to say so.
ExitCode Session::note_end_once(const Course& course, ExitCode code) const {
  if (!course.runs.is_started() && (code == ExitCode::ok || code == ExitCode::try_later)) return code;
  const bool recorded = succeeds("the run's end is not recorded", [&] {
    course.runs.end({.status = runs_status(code),
                     .exit_code = static_cast<int>(code),
                     .counts_json = course.counts().dump(),
                     .at = clock_.wall()});
  });
  return recorded ? code : failed_if_good(code);
}

void Session::collect() {
  metrics_->record(*whole_, started_, clock_.now() - started_);
  rows_ = metrics_->rows();
}

ExitCode Session::judge(ExitCode code) {
  collect();
  return budget_.judge(info_.command, rows_, code);
}

bool Session::write_reports() {
  return succeeds(kIncomplete, [&] {
    csv_ = metrics::write_run_csv(common_.metrics_dir, info_, rows_);
    if (!common_.no_samples) metrics::write_samples_csv(common_.metrics_dir, info_, *metrics_);
    metrics::append_history(common_.metrics_dir, info_, rows_);
  });
}

bool Session::write_prometheus(ExitCode code) const {
  return succeeds(kIncomplete, [&] {
    metrics::write_prometheus(common_.prometheus, info_, rows_,
                              {.at = clock_.wall(),
                               .exit_code = static_cast<int>(code),
                               .verdicts = budget_.verdicts(),
                               .standing = standing_gauges(*database_, clock_)});
  });
}

// One JSON document with --json; else the table of the stages, when reports were written, the budget's, when one was
// given, and the summary in words; nothing with --quiet.
void Session::show_result(const Course& course) {
  if (common_.json) {
    output_.write(document(course.json()));
  } else if (!common_.quiet) {
    const bool has_stages = reports_ && (!course.has_stages || course.has_stages());
    if (has_stages) output_.say(metrics::format_table(rows_, common_.stats ? 0 : kLeastShare) + '\n');
    if (const auto table = budget_.table(output_.language()); !table.empty()) output_.say(table + '\n');
    output_.say(course.text());
    output_.say(verdict_ + '\n');
  }
  output_.flush();
}

void Session::show_plan(std::string_view action, std::string_view sku, std::string_view name,
                        const std::vector<catalogue::Change>& changes) {
  if (common_.json)
    plans_.push_back(plan_json(action, sku, name, changes));
  else if (!common_.quiet)
    output_.write(plan_text(action, sku, name, changes, output_.language()));
}

void Session::show_before_plans(std::string_view text) {
  if (!common_.json && !common_.quiet) output_.say(text);
}

void Session::show(Format format, const Forms& forms) {
  if (format == Format::csv) return output_.write(forms.csv());
  if (format == Format::markdown) return output_.write(forms.markdown());
  if (format == Format::json) return output_.write(forms.json());
  if (!common_.quiet) output_.say(forms.table());
}

ordered_json Session::head(ExitCode code) const {
  return {{"trace_id", info_.trace_id},
          {"command", info_.command},
          {"status", status_word(code)},
          {"exit_code", static_cast<int>(code)}};
}

ordered_json Session::run_head(ExitCode code) const {
  ordered_json json = {{"run_id", info_.run_id}};
  json.update(head(code));
  json["seconds"] = seconds();
  json["verdict"] = verdict_;
  return json;
}

double Session::total(const std::string& metric) const {
  double sum = 0;
  for (const auto& row : rows_)
    if (row.metric == metric) sum += row.sum;
  return sum;
}

}  // namespace pipeline::cli
