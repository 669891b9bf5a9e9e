#include "upsert_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/worker.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"
#include "pipeline/store/sku_index.h"

#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "upsert_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace pipeline::cli {
namespace {

// One batch waits while one is written and one is filled.
constexpr std::size_t kWorkerQueue = 1;

nlohmann::ordered_json options_json(const UpsertCommand& command) {
  return {{"inputs", command.inputs},
          {"batch_size", command.options.batch_size},
          {"commit", command.options.row_commits ? "row" : "batch"},
          {"hash_skip", command.options.hash_skip},
          {"sku_index", command.options.sku_is_key},
          {"source", command.options.source},
          {"replace", command.options.replace},
          {"complete", command.options.complete},
          {"only_known", command.options.only_known},
          {"max_removals", store::to_string(command.options.max_removals)}};
}

void prepare_sku_index(store::Database& database, const upsert::Options& options) {
  const bool indexed = store::has_sku_index(database);
  if (options.sku_is_key && !indexed)
    throw UsageError(fmt::format("{} was made with --sku-index off, for an experiment: choose another file with --db",
                                 database.path().string()));
  if (!options.sku_is_key && indexed && !options.dry_run) store::drop_sku_index(database);
}

// It is emptied when the run begins to write it.
void check_reject_file(const UpsertCommand& command) {
  const auto& rejects = command.options.rejects;
  if (rejects.empty()) return;
  check_file_place("--reject-file", rejects);
  check_apart("--reject-file", rejects, command.common.db, "the database");
  for (const auto& input : command.inputs)
    if (input != "-") check_apart("--reject-file", rejects, input, "an input of this run");
}

}  // namespace

HelpText UpsertCommand::help() const {
  return {.notes =
              "What a row does not say of a known product stays; an empty cell of a column, and a null, empty it. A "
              "row needs a\n`sku`, and for a new product of MY_STORE a `sale_price`; names as in the table "
              "`products` or in the Commerce\nAPI's camelCase; all else stays in `raw_json`.\n",
          .examples =
              "pipeline upsert products.csv --db store.db\n"
              "pipeline upsert products.jsonl --dry-run\n"
              "pipeline upsert supplier.csv --source SUPPLIER --complete --reject-file rejects.csv\n"};
}

void UpsertCommand::add_options(CLI::App& app) {
  app.add_option("FILE", inputs, "Product files, read in this order; - is standard input")
      ->type_name("")
      ->required()
      ->configurable(false);
  add_choice<upsert::Format>(
      app, "--format", options.format,
      {{"auto", upsert::Format::automatic}, {"jsonl", upsert::Format::jsonl}, {"csv", upsert::Format::csv}}, "auto",
      "Of all files; auto: by their content");
  add_number(app, "--batch-size", options.batch_size, 1, 100'000,
             "Rows a transaction at most (fewer when they are large)");
  add_choice<bool>(app, "--commit", options.row_commits, {{"batch", false}, {"row", true}}, "batch",
                   "row: a transaction a row, to compare with");
  add_choice<bool>(app, "--hash-skip", options.hash_skip, {{"off", false}, {"on", true}}, "on",
                   "off: rewrite equal products too, to compare with");
  add_choice<bool>(app, "--sku-index", options.sku_is_key, {{"off", false}, {"on", true}}, "on",
                   "off: no key on sku, to compare with; on a new database only");
  add_value(app, "--source", "NAME", options.source, "Where rows come from that do not say it")->check(not_empty());
  app.add_flag("--only-known", options.only_known, "Read a file even if nothing of it but `sku` is known");
  app.add_flag("--replace", options.replace, "A row is all of its product: what it does not say becomes empty");
  app.add_flag("--complete", options.complete,
               "The files are all there is of --source: products that they no longer have are marked as removed");
  add_max_removals(app, options.max_removals);
  add_value(app, "--reject-file", "FILE", options.rejects, "Write the rows that can't be used here, as they came");
}

ExitCode UpsertCommand::run(Session& session) {
  const auto files = upsert::open_inputs(inputs);
  check_places(common);
  check_reject_file(*this);
  session.lock(common.lock_wait);
  session.begin(true);
  options.dry_run = common.dry_run;
  if (options.dry_run) options.rejects.clear();

  store::Database database = session.open_database();
  store::Runs runs(database);
  prepare_sku_index(database, options);
  upsert::Summary summary;
  const auto note_start = [&] { session.note_start(runs, options_json(*this)); };
  const auto write_products = [&] {
    UpsertProgress progress(session);
    ThreadWorker worker(kWorkerQueue);
    upsert::run(options, files,
                {.clock = session.clock(),
                 .metrics = session.metrics(),
                 .worker = worker,
                 .database = database,
                 .run_id = session.info().run_id,
                 .on_first_write = note_start,
                 .interrupted = [&] { return session.interrupt().signal(); },
                 .on_progress = [&](const upsert::Progress& now) { progress.update(now); },
                 .on_plan = [&](const upsert::Plan& plan) { show_plan(session, plan); }},
                summary);
  };
  log::info("upsert {} of {} into {}", session.info().run_id, fmt::join(inputs, ", "), common.db.string());
  return session.carry_out({.work = write_products,
                            .runs = runs,
                            .counts = [&] { return counts_json(session, summary); },
                            .json = [&] { return summary_json(session, summary, options); },
                            .text = [&] { return summary_text(session, summary, options); },
                            .note_late = note_start},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
