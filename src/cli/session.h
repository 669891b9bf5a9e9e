#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/cli/main.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/metrics/report.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/store/database.h"

#include "budget_check.h"
#include "command.h"
#include "news.h"
#include "output.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {

// What a run does, and how it tells of it; the session calls these, in this order.
struct Course {
  std::function<void()> work;
  store::Runs& runs;
  std::function<nlohmann::ordered_json()> counts;  // for its row in `runs`
  std::function<nlohmann::ordered_json()> json;    // the summary
  std::function<std::string()> text;
  std::function<bool()> has_stages = {};      // whether the table of stages has something to say; not set: yes
  std::function<std::string()> trouble = {};  // of a run that was done in part: what was not
};

// The forms a report comes in.
struct Forms {
  std::function<std::string()> table;
  std::function<std::string()> csv;
  std::function<std::string()> markdown;
  std::function<std::string()> json;
};

// One call of a command, from its options to its exit code: ids, log, signals, lock, budget, metrics, and at the end,
// however that came, the reports.
class Session {
 public:
  // From here on log lines, table and summary share the trace id, which is made where there is none.
  Session(std::string command, CommonOptions& common, Output& output, const PictureWork* pictures);

  // The one catch of all commands, whatever they throw before or after a run; and the one end of standard output. What
  // only `shows` something may lose its reader.
  [[nodiscard]] ExitCode end(bool shows, const std::function<ExitCode()>& work);
  // The command, with the budget read before all else: a wrong file is told at once.
  [[nodiscard]] ExitCode end(const Entry& entry, Command& command);

  [[nodiscard]] const std::string& command() const noexcept { return info_.command; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] Output& output() const noexcept { return output_; }
  // How it ended, in a sentence; known when it has. What is no run says it itself.
  [[nodiscard]] const std::string& verdict() const noexcept { return verdict_; }
  void conclude(std::string verdict) { verdict_ = std::move(verdict); }
  [[nodiscard]] const CommonOptions& common() const noexcept { return common_; }
  [[nodiscard]] Interrupt& interrupt() { return interrupt_.value(); }  // of commands that write reports
  void hear_signals() { interrupt_.emplace(); }                        // of others
  [[nodiscard]] BudgetCheck& budget() noexcept { return budget_; }
  [[nodiscard]] const BudgetCheck& budget() const noexcept { return budget_; }
  // That --db names; throws UsageError when none can be.
  [[nodiscard]] store::Database& database();
  // Of commands that kPictures is a trait of.
  [[nodiscard]] const PictureWork& pictures() const;
  // The other's, with the lock that it holds: for a part of its work.
  void share_database_of(Session& other) { database_ = other.shared_database(); }
  [[nodiscard]] bool shows_progress() const noexcept { return !common_.no_progress && !common_.quiet; }

  // --- a run begins ---

  // The lock of one run at a time on the database; not for a dry run. Another run is waited for like another process's
  // transaction. Throws TryLaterError naming the holder when the wait was in vain, Error when a signal ended it.
  // A package worker joins those that are at work, where the database lets several.
  enum class Among { nobody, workers };
  void lock(Nanoseconds patience, Among among = Among::nobody);
  // Id and metrics. With `reports`, unless it is a dry run, makes the metrics folder, where samples are kept meanwhile;
  // else nothing is left behind.
  void begin(bool reports);
  // A dry run only reads.
  [[nodiscard]] store::Store open_store(std::optional<bool> key_index = {}) {
    return open_store(common_.dry_run ? store::Opening::Mode::read : store::Opening::Mode::write, key_index);
  }
  [[nodiscard]] store::Store open_store(store::Opening::Mode mode, std::optional<bool> key_index = {});
  // What the run's row in `runs` begins with.
  [[nodiscard]] store::RunStart start_of(const nlohmann::ordered_json& options) const;

  [[nodiscard]] metrics::Metrics& metrics() { return metrics_.value(); }
  [[nodiscard]] const metrics::RunInfo& info() const noexcept { return info_; }
  [[nodiscard]] double seconds() const;

  // --- it is carried out ---

  // Does the work. Whatever it throws is a failed run's end, no more: `code` and `stop_reason` say it, and what follows
  // is that of every run. The run is judged by its budget; then, of a run with reports, its CSV, samples and history
  // are written, its end is noted, and the Prometheus file is written, which tells the code that the run ends with.
  // Last the result is shown. What goes wrong in telling of the run is logged, and makes an otherwise good run a failed
  // one, which is noted: a night without numbers must be noticed. Returns `code`, to end with.
  //
  // Throws ReaderGoneError of a dry run only: it has nothing to do but to show.
  ExitCode carry_out(const Course& course, ExitCode& code, std::string& stop_reason);

  // What a dry run would do to one product; as text it goes out before the summary.
  void show_plan(std::string_view action, std::string_view sku, std::string_view name,
                 const std::vector<catalogue::Change>& changes);

  // What else a dry run has to say, as text: among the plans, not with --json or --quiet.
  void show_before_plans(std::string_view text);

  // A report on standard output; the table not with --quiet.
  void show(Format format, const Forms& forms);

  // Of what is no run: measures it whole, and judges that. Returns the code to end with.
  [[nodiscard]] ExitCode judge(ExitCode code);

  // --- the summary ---

  // What each begins with: {trace_id, command, status, exit_code}; of a run its id and its seconds, too.
  [[nodiscard]] nlohmann::ordered_json head(ExitCode code) const;
  [[nodiscard]] nlohmann::ordered_json run_head(ExitCode code) const;
  [[nodiscard]] const std::filesystem::path& csv() const noexcept { return csv_; }  // after the work; may be empty
  [[nodiscard]] double total(const std::string& metric) const;                      // the same; sum over all labels
  [[nodiscard]] const nlohmann::ordered_json& plans() const noexcept { return plans_; }

 private:
  [[nodiscard]] const std::shared_ptr<store::Database>& shared_database();
  void work(const Course& course, ExitCode& code, std::string& stop_reason) const;
  void finish(const Course& course, ExitCode& code, const std::string& stop_reason);
  void note_end(const Course& course, ExitCode& code);
  [[nodiscard]] ExitCode note_end_once(const Course& course, ExitCode code) const;
  void show_result(const Course& course);
  void collect();
  [[nodiscard]] bool write_reports();
  [[nodiscard]] bool write_prometheus(ExitCode code) const;

  CommonOptions& common_;
  const SystemClock clock_;
  Output& output_;
  const PictureWork* pictures_;
  bool reports_ = false;
  std::optional<Interrupt> interrupt_;
  BudgetCheck budget_;
  std::shared_ptr<store::Database> database_;
  store::Database::Lock lock_;
  SteadyTime started_;
  metrics::RunInfo info_;
  std::optional<metrics::Metrics> metrics_;
  std::optional<metrics::Timer> whole_;
  std::vector<metrics::Row> rows_;
  std::filesystem::path csv_;
  News news_;
  std::string verdict_;
  nlohmann::ordered_json plans_ = nlohmann::ordered_json::array();
};

}  // namespace pipeline::cli
