#include "sync_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/run_lock.h"
#include "pipeline/base/worker.h"
#include "pipeline/http/client.h"
#include "pipeline/http/curl_transport.h"
#include "pipeline/naver/api.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"
#include "pipeline/sync/sync.h"

#include "places.h"
#include "run_frame.h"
#include "sync_progress.h"
#include "sync_summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <random>
#include <vector>

namespace pipeline::cli {
namespace {

// Answers that wait for the database, at most: some megabytes of bodies.
constexpr std::size_t kWorkerQueue = 256;

std::string options_json(const SyncCommand& command) {
  const nlohmann::ordered_json json = {{"base_url", command.base_url},
                                       {"page_size", command.page_size},
                                       {"workers", command.workers},
                                       {"batch_size", command.batch_size},
                                       {"rate", command.rate ? fmt::format("{}", *command.rate) : "auto"},
                                       {"full", command.full},
                                       {"modified_since", command.modified_since},
                                       {"status", command.statuses},
                                       {"max_detail_age", command.max_detail_age_days},
                                       {"limit", command.limit.value_or(0)},
                                       {"max_removals", store::to_string(command.max_removals)},
                                       {"rebind", command.rebind}};
  return json.dump();
}

sync::Options sync_options(const SyncCommand& command, const naver::Credentials& credentials, SteadyTime now) {
  sync::Options options;
  options.identity = naver::identity_of(credentials);
  options.rebind = command.rebind;
  options.page_size = command.page_size;
  options.workers = command.workers;
  options.batch_size = command.batch_size;
  options.full = command.full;
  options.modified_since = command.modified_since;
  options.statuses = command.statuses;
  options.limit = command.limit;
  options.max_removals = command.max_removals;
  options.max_detail_age_days = command.max_detail_age_days;
  options.dry_run = command.dry_run;
  if (command.deadline) options.deadline = now + *command.deadline;
  return options;
}

// Without --retry-for a server that does not answer is asked a few times all the same.
constexpr auto kLeastPatience = std::chrono::seconds(15);

http::ClientOptions client_options(const SyncCommand& command, std::optional<SteadyTime> deadline) {
  http::ClientOptions options;
  options.max_in_flight = command.workers;
  options.max_retries = command.max_retries;
  options.deadline = deadline;
  options.patience = command.retry_for > Nanoseconds(0) ? command.retry_for : Nanoseconds(kLeastPatience);
  options.seed = std::random_device{}();
  return options;
}

naver::ApiOptions api_options(const SyncCommand& command, naver::Credentials credentials) {
  naver::ApiOptions options;
  options.base_url = command.base_url;
  options.credentials = std::move(credentials);
  options.max_rate = command.rate;
  options.timeout = command.timeout;
  options.outage_code = command.retry_for > Nanoseconds(0) ? ExitCode::try_later : ExitCode::failed;
  return options;
}

// The parts, in the order they stand on each other, and the run itself.
class SyncSession {
 public:
  SyncSession(const SyncCommand& command, BudgetCheck budget, naver::Credentials credentials, const Clock& clock,
              Interrupt& interrupt, Output& output)
      : command_(command),
        clock_(clock),
        interrupt_(interrupt),
        frame_(command.common, "sync", clock, output, !command.dry_run, std::move(budget)),
        options_(sync_options(command, credentials, clock.now())),
        database_(open_database(command.common.db, command.dry_run, store::kLockPatience, clock, frame_.metrics())),
        runs_(database_),
        transport_(clock, {.max_connections = static_cast<std::size_t>(command.workers)}),
        client_(transport_, clock, frame_.metrics(), client_options(command, options_.deadline)),
        api_(client_, clock, frame_.metrics(), api_options(command, std::move(credentials))) {}

  ExitCode run() {
    log::info("sync {} from {} into {}", frame_.info().run_id, command_.base_url, command_.common.db.string());
    frame_.carry_out(
        {.work = [this] { synchronise(); },
         .note_end =
             [this](ExitCode code) { return note_end(runs_, frame_, code, counts_json(summary_), clock_.wall()); },
         .json = [this] { return summary_json(frame_, summary_, command_.dry_run, plans_); },
         .text = [this] { return summary_text(frame_, summary_, command_.dry_run); },
         .has_stages = [this] { return summary_.listed > 0 || summary_.stop_reason.empty(); }},
        summary_.code, summary_.stop_reason);
    return summary_.code;
  }

 private:
  void synchronise() {
    SyncProgress progress(clock_, frame_.metrics(), !command_.common.no_progress && !command_.common.quiet);
    ThreadWorker worker(kWorkerQueue);
    const SignalCall wake(interrupt_, [this] { transport_.wake(); });
    sync::run(options_,
              {.clock = clock_,
               .metrics = frame_.metrics(),
               .api = api_,
               .worker = worker,
               .database = database_,
               .run_id = frame_.info().run_id,
               .wake = [this] { transport_.wake(); },
               .interrupted = [this] { return interrupt_.signal(); },
               .on_progress = [&](const sync::Progress& now) { progress.update(now); },
               .on_plan = [this](const sync::Plan& plan) { plan_made(plan); },
               .on_accepted = [this] { note_start(); }},
              summary_);
  }

  void note_start() {
    if (command_.dry_run) return;
    runs_.started(frame_.info().run_id, frame_.info().trace_id, "sync", options_json(command_), clock_.wall());
  }

  void plan_made(const sync::Plan& plan) {
    if (command_.common.json) plans_.push_back(plan_json(plan));
    frame_.show_plan(plan_text(plan));
  }

  const SyncCommand& command_;
  const Clock& clock_;
  Interrupt& interrupt_;
  RunFrame frame_;
  const sync::Options options_;
  store::Database database_;
  store::Runs runs_;
  http::CurlTransport transport_;
  http::Client client_;
  naver::Api api_;
  sync::Summary summary_;
  std::vector<nlohmann::ordered_json> plans_;
};

}  // namespace

ExitCode run_sync(const SyncCommand& command, const Clock& clock, Interrupt& interrupt, Output& output) {
  BudgetCheck budget(command.common);
  check_places(command.common);
  auto credentials = naver::read_credentials(naver::process_environment);
  naver::check_base_url(command.base_url);
  std::optional<RunLock> lock;
  if (!command.dry_run) lock.emplace(command.common.db, "pipeline sync", clock.wall());
  SyncSession session(command, std::move(budget), std::move(credentials), clock, interrupt, output);
  if (lock) lock->keep_file();
  return session.run();
}

}  // namespace pipeline::cli
