#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/log.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What a command is, and the table of them all.
namespace pipeline::cli {

class Session;

// The options that commands share; each command has those that its line in the table names.
struct CommonOptions {
  std::string db = "pipeline.db";
  std::filesystem::path metrics_dir = "metrics";
  std::filesystem::path budget;          // empty: none
  std::vector<std::string> budget_sets;  // of the budget's rules; none named: all
  std::filesystem::path prometheus;      // empty: none
  bool no_samples = false;
  bool stats = false;  // all stages in the table, also those that took no time to speak of
  bool json = false;
  bool quiet = false;
  bool no_progress = false;
  log::Level log_level = log::Level::info;
  log::Format log_format = log::Format::text;
  std::string trace_id;  // made when not given
  bool dry_run = false;
  Nanoseconds lock_wait = std::chrono::seconds(30);  // for another process that holds the database
  std::string language = "auto";
  std::vector<std::string> notify;  // where the end of a run is told, when it matters
  bool notify_always = false;
  std::filesystem::path config;                          // empty: none
  std::string store;                                     // of the config's stores; empty: none
  std::map<std::string, std::string> store_credentials;  // of that store, by the names of their variables; none: theirs
  bool all_stores = false;
  int parallel = 1;           // stores at one time
  bool within_night = false;  // a stage of `night`, which holds the lock and tells of the end
};

// How what is found is shown; json as well by --json.
enum class Format { table, csv, markdown, json };

// Which shared options a command has beside those of all (--config, --store, --db, --metrics-dir, --json, --quiet,
// --language, --log-level, --log-format, --trace-id), and what it is.
enum Traits : unsigned {
  kBudget = 1,      // --budget, --budget-set
  kReports = 2,     // writes its measurements: --no-samples, --prometheus
  kProgress = 4,    // --no-progress
  kDryRun = 8,      // --dry-run
  kLockWait = 16,   // --lock-wait
  kMeasured = 32,   // is measured itself, so that a budget may have rules for it
  kShows = 64,      // changes nothing: what nobody reads any more need not be shown
  kNotify = 128,    // --notify, --notify-always
  kAll = 256,       // --all, --parallel
  kPictures = 512,  // looks at pictures or films
  kRun = kBudget | kReports | kProgress | kMeasured | kNotify,
  kStep = kBudget | kMeasured | kLockWait,
};

// What `--help` says of a command behind its options: notes, each line with its end, and examples without indent.
struct HelpText {
  const char* notes = "";
  const char* examples = "";
};

// What options are when the command line does not say it, and where that stands.
struct Setting {
  std::string option;  // `--db`; of one command alone `sync --workers`
  std::string value;
  std::string origin;  // `/etc/pipeline.toml:3`, or the variable's name
};
struct Settings {
  std::string config;          // the file that was read; empty: none
  std::vector<Setting> given;  // those that are not the program's own, each once

  // Takes the place of what was noted of that option.
  void note(Setting setting);
};

// A command: its options are filled straight into its fields.
class Command {
 public:
  virtual ~Command() = default;

  [[nodiscard]] virtual HelpText help() const = 0;
  // All but the shared ones.
  virtual void add_options(CLI::App& app) = 0;
  // Of a command that looks at what the others are going to do; called when all options are read. `others` gives one up
  // by its name, with what the config file and the environment say of its options.
  using Others = std::function<std::unique_ptr<Command>(std::string_view name)>;
  virtual void look_around(const Settings& settings, const Others& others) { (void)settings, (void)others; }
  // The rules between options, judged when all are read. `line`: the parsed command line. Throws CLI::ValidationError.
  virtual void check(const CLI::App& line) { (void)line; }
  // Throws Error for what is wrong before anything is begun.
  [[nodiscard]] virtual ExitCode run(Session& session) = 0;

  CommonOptions common;
};

// A line of the table.
struct Entry {
  const char* name;  // as it is called: `sync`, `queue list`
  const char* help;
  unsigned traits = 0;
  std::unique_ptr<Command> (*make)() = nullptr;  // none: a group, whose commands follow
};

// In the order of the help.
[[nodiscard]] const std::vector<Entry>& commands();

// The names of those that have all these traits.
[[nodiscard]] std::vector<std::string> command_names(unsigned traits);

}  // namespace pipeline::cli
