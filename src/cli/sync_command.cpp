#include "sync_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/worker.h"
#include "pipeline/http/curl_transport.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "sync_view.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <random>
#include <utility>

namespace pipeline::cli {
namespace {

// Answers that wait for the database, at most: some megabytes of bodies.
constexpr std::size_t kWorkerQueue = 256;

// Without --retry-for a server that does not answer is asked a few times all the same.
constexpr auto kLeastPatience = std::chrono::seconds(15);

bool is_rate(const std::string& text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  return text == "auto" || (error == std::errc() && end == text.data() + text.size() && rate > 0 && rate <= 1e6);
}

nlohmann::ordered_json options_json(const SyncCommand& command) {
  return {{"base_url", command.api.base_url},
          {"page_size", command.options.page_size},
          {"workers", command.options.workers},
          {"batch_size", command.options.batch_size},
          {"rate", command.api.max_rate ? fmt::format("{}", *command.api.max_rate) : "auto"},
          {"full", command.options.full},
          {"modified_since", command.options.modified_since},
          {"status", command.options.statuses},
          {"max_detail_age", command.options.max_detail_age_days},
          {"limit", command.options.limit.value_or(0)},
          {"max_removals", store::to_string(command.options.max_removals)},
          {"rebind", command.options.rebind}};
}

}  // namespace

HelpText SyncCommand::help() const {
  return {.notes =
              "Credentials: NAVER_COMMERCE_CLIENT_ID, NAVER_COMMERCE_CLIENT_SECRET and, for another seller's store,\n"
              "NAVER_COMMERCE_ACCOUNT_ID; or the same names with _FILE behind, naming a file. Never an option.\n",
          .examples =
              "pipeline sync --db store.db\n"
              "pipeline sync --db store.db --dry-run --limit 100\n"
              "pipeline sync --db store.db --deadline 6h --prometheus /var/lib/node_exporter/sync.prom\n"};
}

void SyncCommand::add_options(CLI::App& app) {
  add_value(app, "--base-url", "URL", api.base_url, "Commerce API");
  add_number(app, "--page-size", options.page_size, 1, 500, "Products a list page, at most 500");
  add_number(app, "--workers", options.workers, 1, 256, "Requests in flight at most");
  add_number(app, "--batch-size", options.batch_size, 1, 100'000, "Products a transaction");
  app.add_option_function<std::string>(
         "--rate",
         [this](const std::string& v) { api.max_rate = v == "auto" ? std::nullopt : std::optional(std::stod(v)); },
         "Requests a second and endpoint at most; auto: as the server's headers allow")
      ->type_name("auto|N")
      ->default_str("auto")
      ->check(cli::check(is_rate, "auto, or a number above 0"));
  app.add_flag("--full,--no-incremental", options.full, "Fetch every detail, changed or not");
  add_value(app, "--modified-since", "YYYY-MM-DD", options.modified_since, "Only products modified since the day (KST)")
      ->check(cli::check(is_date, "not a day like 2026-04-01"));
  add_list(app, "--status", options.statuses,
           {"WAIT", "SALE", "OUTOFSTOCK", "UNADMISSION", "REJECTION", "SUSPENSION", "CLOSE", "PROHIBITION", "DELETE"},
           "Only products of these states, e.g. SALE,OUTOFSTOCK");
  add_number(app, "--max-detail-age", options.max_detail_age_days, 0, 3650,
             "Fetch each unchanged detail again within so many days, a share each night; 0: never")
      ->type_name("DAYS");
  add_number(app, "--limit", options.limit, 1, 1'000'000'000, "Only the first N listed products");
  add_max_removals(app, options.max_removals);
  // Never from a file or the environment, where it would stay and guard nothing any more.
  app.add_flag("--rebind", options.rebind, "The database may change over to another store, this once")
      ->configurable(false);
  add_duration(app, "--timeout", api.timeout, "30s", "Time for one request");
  add_number(app, "--max-retries", client.max_retries, 0, 100, "Repeats of one request at most");
  add_duration(app, "--retry-for", retry_for, "30m",
               "How long a server that is down is waited for; then exit code 75; 0: not at all", Zero::allowed);
  add_duration(app, "--deadline", deadline, "", "Send nothing after so long; the next run goes on from there");
}

ExitCode SyncCommand::run(Session& session) {
  check_places(common);
  api.credentials = naver::read_credentials(naver::process_environment);
  naver::check_base_url(api.base_url);
  session.lock(Nanoseconds::zero());
  session.begin(true);
  options.identity = naver::identity_of(api.credentials);
  options.dry_run = common.dry_run;
  if (deadline) options.deadline = session.clock().now() + *deadline;
  client.max_in_flight = options.workers;
  client.deadline = options.deadline;
  client.patience = retry_for > Nanoseconds(0) ? retry_for : Nanoseconds(kLeastPatience);
  client.seed = std::random_device{}();
  api.outage_code = retry_for > Nanoseconds(0) ? ExitCode::try_later : ExitCode::failed;

  store::Database database = session.open_database();
  store::Runs runs(database);
  http::CurlTransport transport(session.clock(), {.max_connections = static_cast<std::size_t>(options.workers)});
  http::Client http_client(transport, session.clock(), session.metrics(), client);
  naver::Api server(http_client, session.clock(), session.metrics(), api);
  sync::Summary summary;
  const auto synchronise = [&] {
    SyncProgress progress(session);
    ThreadWorker worker(kWorkerQueue);
    const SignalCall wake(session.interrupt(), [&] { transport.wake(); });
    sync::run(options,
              {.clock = session.clock(),
               .metrics = session.metrics(),
               .api = server,
               .worker = worker,
               .database = database,
               .run_id = session.info().run_id,
               .wake = [&] { transport.wake(); },
               .interrupted = [&] { return session.interrupt().signal(); },
               .on_progress = [&](const sync::Progress& now) { progress.update(now); },
               .on_plan = [&](const sync::Plan& plan) { show_plan(session, plan); },
               .on_accepted =
                   [&] {
                     if (!common.dry_run) session.note_start(runs, options_json(*this));
                   }},
              summary);
  };
  log::info("sync {} from {} into {}", session.info().run_id, api.base_url, common.db.string());
  return session.carry_out({.work = synchronise,
                            .runs = runs,
                            .counts = [&] { return counts_json(summary); },
                            .json = [&] { return summary_json(session, summary); },
                            .text = [&] { return summary_text(session, summary); },
                            .has_stages = [&] { return summary.listed > 0 || summary.stop_reason.empty(); }},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
