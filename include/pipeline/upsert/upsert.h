#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/worker.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/sheet/row_reader.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/store/removal_limit.h"
#include "pipeline/upsert/column_rules.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Product files into the database. One thread reads, splits, parses and hashes; the other looks up and writes.
namespace pipeline::upsert {

struct Options {
  sheet::Layout layout;
  ColumnRules columns;
  std::string source;                // of rows that name none
  int batch_size = 1000;             // rows a transaction; fewer when they are large
  bool row_commits = false;          // one transaction per row: the slow way, for comparison
  bool hash_skip = true;             // leave equal products alone
  bool replace = false;              // a row is all of its product; else what it does not say stays
  bool complete = false;             // the inputs are all of `source`: what they no longer have is removed
  store::RemovalLimit max_removals;  // above it none is
  bool only_known = false;           // a file may be one of which nothing but `sku` is known
  std::filesystem::path rejects;     // empty: none
  bool dry_run = false;
  bool tells_idle_rules = false;  // says which rules of `columns` no file has a column for
};

struct Failure {
  std::string file;
  std::int64_t line = 0;  // 0: the file as a whole
  std::string error;
};

// A name that stands for no column, seen in the first batch of a file; its values stay in raw_json.
struct UnknownColumn {
  std::string file;
  std::string name;
  std::string likely_name;  // the known one it was most likely meant to be; empty: it is like none
};

// How a file was understood.
struct FileReading {
  std::string file;
  sheet::Reading reading;
  std::string kind;  // a SmartStore product list, say; empty: nobody's in particular
  std::size_t known_columns = 0;
  // Of a table: each column, and what becomes of it.
  struct Column {
    std::string name;
    std::string field;
  };
  std::vector<Column> columns;
  // The first rows of a dry run as they would be stored.
  struct Sample {
    std::int64_t line = 0;
    std::vector<std::pair<std::string, std::string>> fields;  // those that say something
    std::string fault;                                        // not empty: it would be rejected, and why
  };
  std::vector<Sample> samples;
};

// Failures named in the summary; the log and the reject file name all.
inline constexpr std::size_t kFailuresKept = 1000;

// rows_read = inserted + updated + unchanged + superseded + rejected, when the run came to its end.
struct Summary {
  std::int64_t rows_read = 0;
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t superseded = 0;  // followed by another row of the SKU in the same batch, and written with it
  std::int64_t rejected = 0;
  std::int64_t rows_empty = 0;  // CSV records without anything in them, which are no rows
  std::vector<UnknownColumn> unknown_columns;
  std::vector<FileReading> readings;
  std::int64_t removed = 0;       // products that the inputs no longer have (Options::complete)
  std::int64_t files_failed = 0;  // inputs that could not be read, or not to their end
  std::uint64_t bytes_read = 0;
  std::vector<Failure> failures;
  std::string removal_note;  // why removals were not looked for though they were asked for; empty when they were
  std::optional<store::HeldBackRemovals> held_back;  // they are more than the limit allows
  std::string stop_reason;                           // why the run ended early; empty when it did not
  ExitCode code = ExitCode::ok;
};

struct Progress {
  std::int64_t rows = 0;          // read so far
  std::uint64_t bytes = 0;        // the same
  std::uint64_t bytes_total = 0;  // of all inputs; 0: nobody knows
  std::int64_t rejected = 0;
};

// What a dry run would do to one product.
struct Plan {
  enum class Action { add, change, remove };
  Action action;
  std::string sku;
  std::string name;
  std::vector<catalogue::Change> changes;
};

// What a run needs of the world; all are borrowed.
struct Services {
  const Clock& clock;
  metrics::Metrics& metrics;
  Worker& worker;  // owns the catalogue while the run lasts
  store::Catalogue& catalogue;
  std::string run_id;
  std::function<int()> interrupted;                  // the signal that asked for the end, or 0
  std::function<void(const Progress&)> on_progress;  // after each batch
  std::function<void(const Plan&)> on_plan;          // dry run; from the worker's thread
  // Dry run: of each file, before what is planned of its first rows.
  std::function<void(const FileReading&)> on_reading = [](const FileReading&) {};
};

// What is said of removals that were held back.
[[nodiscard]] std::string removal_text(const store::HeldBackRemovals& held_back);

// Opens all inputs, paths or `-` for standard input, so that a name that is mistyped stops a run before it has changed
// anything. Throws UsageError naming the input.
using Inputs = std::vector<std::unique_ptr<sheet::ByteSource>>;
[[nodiscard]] Inputs open_inputs(const std::vector<std::string>& paths);

// Runs to the end, whatever that is: `summary` tells the truth also when this throws (the database failed). Committed
// batches stay. The inputs are read in their order.
void run(const Options& options, const Inputs& inputs, const Services& services, Summary& summary);

}  // namespace pipeline::upsert
