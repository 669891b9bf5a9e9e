#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/log.h"
#include "pipeline/store/removal_limit.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The command line, parsed and checked; nothing is opened here but the config file. Only src/cli knows the parser.
namespace pipeline::cli {

// Options of every command.
struct CommonOptions {
  std::filesystem::path db = "pipeline.db";
  std::filesystem::path metrics_dir = "metrics";
  std::filesystem::path budget;          // empty: none
  std::vector<std::string> budget_sets;  // of the budget's rules; none named: all
  std::filesystem::path prometheus;      // empty: none
  bool no_samples = false;
  bool json = false;
  bool quiet = false;
  bool no_progress = false;
  log::Level log_level = log::Level::info;
  log::Format log_format = log::Format::text;
  std::string trace_id;  // made when not given
};

struct SyncCommand {
  CommonOptions common;
  std::string base_url;
  int page_size = 500;
  int workers = 10;
  int batch_size = 500;
  std::optional<double> rate;  // absent: auto
  bool full = false;
  std::string modified_since;
  std::vector<std::string> statuses;
  int max_detail_age_days = 7;
  std::optional<std::int64_t> limit;
  store::RemovalLimit max_removals;
  bool rebind = false;
  bool dry_run = false;
  Nanoseconds timeout = std::chrono::seconds(30);
  int max_retries = 5;
  std::optional<Nanoseconds> deadline;
  Nanoseconds retry_for = std::chrono::minutes(30);  // 0: an outage is not waited for
};

struct UpsertCommand {
  enum class Format { automatic, jsonl, csv };

  CommonOptions common;
  std::vector<std::string> inputs;  // `-`: standard input
  Format format = Format::automatic;
  int batch_size = 1000;
  bool row_commits = false;
  bool hash_skip = true;
  bool replace = false;
  bool complete = false;
  store::RemovalLimit max_removals;
  bool sku_index = true;
  std::string source = "MY_STORE";
  bool only_known = false;
  std::filesystem::path reject_file;  // empty: none
  bool dry_run = false;
  Nanoseconds lock_wait = std::chrono::seconds(30);
};

struct PackageCommand {
  enum class Compression { none, fast, standard, best };

  CommonOptions common;
  std::vector<std::filesystem::path> posts;  // post folders, or folders of posts
  std::filesystem::path out = "packages";
  int jobs = 1;
  Compression compression = Compression::standard;
  int keyframes = 6;
  int min_images = 2;
  double max_duplicate_ratio = 0.4;
  bool from_queue = false;
  std::filesystem::path posts_dir;  // of from_queue
  Nanoseconds video_timeout = std::chrono::seconds(8);
  bool keep_gps = false;
  bool force = false;
  Nanoseconds lock_wait = std::chrono::seconds(30);
};

struct QueueCommand {
  enum class Action { list, claim, done, fail, retry };
  enum class Format { table, csv, json };

  CommonOptions common;
  Nanoseconds lock_wait = std::chrono::seconds(30);
  Action action = Action::list;
  Format format = Format::table;  // of list and claim; json as well by --json

  // list: what is empty lets all through
  std::vector<std::string> statuses{"PENDING", "CLAIMED", "FAILED"};
  std::vector<std::string> reasons;
  std::string sku;
  std::string claimed_by;
  std::optional<std::int64_t> list_limit;

  // claim, done, fail
  std::string worker;
  std::int64_t claim_limit = 1;
  Nanoseconds lease = std::chrono::minutes(15);
  int max_attempts = 3;

  // done, fail, retry
  std::vector<std::int64_t> ids;
  bool ids_from_input = false;  // and more on standard input
  std::string failure;
  bool retry_all = false;
};

// report show and report check: one run. The latter needs a budget.
struct ReportRunCommand {
  CommonOptions common;
  std::filesystem::path run;
  bool check = false;
};

// Each side: CSVs of runs, and folders of them.
struct ReportCompareCommand {
  enum class Format { table, csv, markdown, json };

  CommonOptions common;
  std::vector<std::filesystem::path> base;
  std::vector<std::filesystem::path> fresh;
  double max_regression = 0.15;
  Format format = Format::table;
};

struct ReportHistoryCommand {
  enum class Format { table, csv, markdown, json };

  CommonOptions common;
  int weeks = 8;
  std::string command;            // empty: all
  std::string statistic = "p95";  // p50, p95, p99, mean, max, sum or count
  Format format = Format::table;
};

struct ReportHtmlCommand {
  CommonOptions common;
  std::filesystem::path out;
  int weeks = 13;
  std::string language = "ko";  // what it opens with: the page speaks both
};

// Nothing to run: the text (help or version) is all that was asked for.
struct TextAnswer {
  std::string text;
};

using Invocation = std::variant<SyncCommand, UpsertCommand, PackageCommand, QueueCommand, ReportRunCommand,
                                ReportCompareCommand, ReportHistoryCommand, ReportHtmlCommand, TextAnswer>;
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Command line over environment (PIPELINE_SYNC_WORKERS for `sync --workers`, PIPELINE_DB for `--db`) over the TOML file
// of --config (or PIPELINE_CONFIG): common options at its top, a command's own in its table. Throws UsageError that
// names the option, or the file and the key.
[[nodiscard]] Invocation parse_command_line(int argc, const char* const* argv, const Environment& environment);

// Of the names of variables those that begin like the program's own (PIPELINE_) and that no option has, each as a
// sentence with what it may have been meant to be.
[[nodiscard]] std::vector<std::string> stray_variables(const std::vector<std::string>& names);

// How a call that can't be understood wants to be told so, as far as that can be made out: a script that asked for JSON
// gets JSON.
struct Manner {
  bool json = false;
  log::Format log_format = log::Format::text;
  std::string command;   // as it is called, `queue list`; empty: none
  std::string trace_id;  // empty: not given
};
[[nodiscard]] Manner manner_of(int argc, const char* const* argv, const Environment& environment);

// `90s`, `1.5m`, `8h`, `500ms`: a time above zero. Absent when it is none.
[[nodiscard]] std::optional<Nanoseconds> parse_duration(const std::string& text);

}  // namespace pipeline::cli
