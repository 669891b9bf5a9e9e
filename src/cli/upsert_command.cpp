#include "upsert_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/worker.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"
#include "pipeline/store/sku_index.h"
#include "pipeline/upsert/upsert.h"

#include "places.h"
#include "run_frame.h"
#include "upsert_progress.h"
#include "upsert_summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

// One batch waits while one is written and one is filled.
constexpr std::size_t kWorkerQueue = 1;

std::string options_json(const UpsertCommand& command) {
  const nlohmann::ordered_json json = {{"inputs", command.inputs},
                                       {"batch_size", command.batch_size},
                                       {"commit", command.row_commits ? "row" : "batch"},
                                       {"hash_skip", command.hash_skip},
                                       {"sku_index", command.sku_index},
                                       {"source", command.source},
                                       {"replace", command.replace},
                                       {"complete", command.complete},
                                       {"only_known", command.only_known},
                                       {"max_removals", store::to_string(command.max_removals)}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

upsert::Options upsert_options(const UpsertCommand& command) {
  upsert::Options options;
  switch (command.format) {
    case UpsertCommand::Format::automatic:
      options.format = upsert::Format::automatic;
      break;
    case UpsertCommand::Format::jsonl:
      options.format = upsert::Format::jsonl;
      break;
    case UpsertCommand::Format::csv:
      options.format = upsert::Format::csv;
      break;
  }
  options.source = command.source;
  options.batch_size = command.batch_size;
  options.row_commits = command.row_commits;
  options.hash_skip = command.hash_skip;
  options.replace = command.replace;
  options.complete = command.complete;
  options.max_removals = command.max_removals;
  options.sku_is_key = command.sku_index;
  options.only_known = command.only_known;
  if (!command.dry_run) options.rejects = command.reject_file;
  options.dry_run = command.dry_run;
  return options;
}

void prepare_sku_index(store::Database& database, const UpsertCommand& command) {
  const bool indexed = store::has_sku_index(database);
  if (command.sku_index && !indexed)
    throw UsageError(fmt::format("{} was made with --sku-index off, for an experiment: choose another file with --db",
                                 database.path().string()));
  if (!command.sku_index && indexed && !command.dry_run) store::drop_sku_index(database);
}

// It is emptied when the run begins to write it.
void check_reject_file(const UpsertCommand& command) {
  if (command.reject_file.empty()) return;
  check_file_place("--reject-file", command.reject_file);
  check_apart("--reject-file", command.reject_file, command.common.db, "the database");
  for (const auto& input : command.inputs)
    if (input != "-") check_apart("--reject-file", command.reject_file, input, "an input of this run");
}

// The parts, in the order they stand on each other, and the run itself.
class UpsertSession {
 public:
  UpsertSession(const UpsertCommand& command, BudgetCheck budget, upsert::Inputs inputs, const Clock& clock,
                Interrupt& interrupt, Output& output)
      : command_(command),
        inputs_(std::move(inputs)),
        clock_(clock),
        interrupt_(interrupt),
        frame_(command.common, "upsert", clock, output, !command.dry_run, std::move(budget)),
        options_(upsert_options(command)),
        database_(open_database(command.common.db, command.dry_run,
                                std::chrono::duration_cast<std::chrono::milliseconds>(command.lock_wait), clock,
                                frame_.metrics())),
        runs_(database_) {
    prepare_sku_index(database_, command);
  }

  ExitCode run() {
    log::info("upsert {} of {} into {}", frame_.info().run_id, fmt::join(command_.inputs, ", "),
              command_.common.db.string());
    frame_.carry_out({.work = [this] { write_products(); },
                      .note_end = [this](ExitCode code) { return end_run(code); },
                      .json = [this] { return summary_json(frame_, summary_, command_, plans_); },
                      .text = [this] { return summary_text(frame_, summary_, command_); }},
                     summary_.code, summary_.stop_reason);
    return summary_.code;
  }

 private:
  void write_products() {
    UpsertProgress progress(clock_, !command_.common.no_progress && !command_.common.quiet);
    ThreadWorker worker(kWorkerQueue);
    upsert::run(options_, inputs_,
                {.clock = clock_,
                 .metrics = frame_.metrics(),
                 .worker = worker,
                 .database = database_,
                 .run_id = frame_.info().run_id,
                 .on_first_write = [this] { note_run(); },
                 .interrupted = [this] { return interrupt_.signal(); },
                 .on_progress = [&](const upsert::Progress& now) { progress.update(now); },
                 .on_plan = [this](const upsert::Plan& plan) { plan_made(plan); }},
                summary_);
  }

  void note_run() {
    runs_.started(frame_.info().run_id, frame_.info().trace_id, "upsert", options_json(command_),
                  frame_.info().started_at);
    noted_ = true;
  }

  bool note_end(ExitCode code) {
    return runs_.ended(frame_.info().run_id, runs_status(code), static_cast<int>(code), counts_json(summary_, frame_),
                       clock_.wall());
  }

  // A run that found nothing to change, and nothing amiss, leaves the file as it was, to the byte. One that could not
  // get at the database need not wait for it once more to say so.
  ExitCode end_run(ExitCode code) {
    if (!noted_ && (code == ExitCode::ok || code == ExitCode::try_later)) return code;
    const bool recorded = succeeds("the run's end is not recorded", [&] {
      if (note_end(code)) return;
      note_run();  // nothing was committed
      (void)note_end(code);
    });
    return recorded ? code : failed_if_good(code);
  }

  void plan_made(const upsert::Plan& plan) {
    if (command_.common.json) plans_.push_back(plan_json(plan));
    frame_.show_plan(plan_text(plan));
  }

  const UpsertCommand& command_;
  const upsert::Inputs inputs_;
  const Clock& clock_;
  Interrupt& interrupt_;
  RunFrame frame_;
  const upsert::Options options_;
  store::Database database_;
  store::Runs runs_;
  upsert::Summary summary_;
  bool noted_ = false;
  std::vector<nlohmann::ordered_json> plans_;
};

}  // namespace

ExitCode run_upsert(const UpsertCommand& command, const Clock& clock, Interrupt& interrupt, Output& output) {
  BudgetCheck budget(command.common);
  auto inputs = upsert::open_inputs(command.inputs);
  check_places(command.common);
  check_reject_file(command);
  std::optional<RunLock> lock;
  if (!command.dry_run)
    lock.emplace(wait_for_lock(command.common.db, "pipeline upsert", command.lock_wait, clock, interrupt));
  UpsertSession session(command, std::move(budget), std::move(inputs), clock, interrupt, output);
  if (lock) lock->keep_file();
  return session.run();
}

}  // namespace pipeline::cli
