#include "sync_command.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/base/worker.h"
#include "pipeline/http/curl_transport.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/naver/product_list.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "option_kit.h"
#include "places.h"
#include "progress_line.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

// Answers that wait for the database, at most: some megabytes of bodies.
constexpr std::size_t kAnswersWaiting = 256;

// Without --retry-for a server that does not answer is asked a few times all the same.
constexpr auto kLeastPatience = std::chrono::seconds(15);

bool is_rate(const std::string& text) {
  const double rate = parse_number<double>(text).value_or(0);
  return text == "auto" || (rate > 0 && rate <= 1e6);
}

ordered_json options_json(const SyncCommand& command) {
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

constexpr std::size_t kFailuresShown = 20;  // on the terminal; the JSON summary and the log name all

std::string_view name_of(sync::Phase phase) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"token", "list", "details", "checks", "removals", "done"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string_view name_of(sync::Plan::Action action) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"new", "changed", "full", "removed"};
  return kNames[static_cast<std::size_t>(action)];
}

// How the run ended, to stand before its time.
std::string_view ending(ExitCode code) noexcept {
  if (code == ExitCode::ok) return "ok in";
  if (code == ExitCode::partial) return "done in part in";
  if (code == ExitCode::over_budget) return "done, but over budget, in";
  if (code == ExitCode::try_later) return "put off after";
  return code == ExitCode::interrupted || code == ExitCode::terminated ? "interrupted after" : "failed after";
}

std::string removals_of(const sync::Summary& summary) {
  return removals_word(summary.held_back ? sync::removal_text(*summary.held_back) : "", summary.removal_note);
}

// How a sync gets on. Main thread.
class SyncProgress {
 public:
  explicit SyncProgress(Session& session)
      : clock_(session.clock()),
        line_(clock_, session.output().language(), session.shows_progress()),
        throttled_list_(session.metrics().counter("api_429_total", {{"endpoint", "list"}})),
        throttled_detail_(session.metrics().counter("api_429_total", {{"endpoint", "detail"}})) {}

  void update(const sync::Progress& progress) {
    // The log has a line of an outage already, when there is no terminal.
    if (progress.phase == sync::Phase::done || (progress.outage && !line_.is_terminal())) return;
    if (!line_.is_due(progress.phase != phase_)) return;
    phase_ = progress.phase;
    line_.show(text(progress));
  }

 private:
  [[nodiscard]] std::string text(const sync::Progress& progress) {
    std::string text = fmt::format("sync {}", name_of(progress.phase));
    if (progress.outage) return text + " · " + waiting_text(*progress.outage);
    if (progress.phase == sync::Phase::token) return text;
    text += fmt::format(" · listed {}", count(progress.listed));
    if (progress.phase == sync::Phase::list && progress.list_total > 0) text += "/" + count(progress.list_total);
    text += fmt::format(" · details {}/{}", count(progress.details_done), count(progress.details_total));
    const double per_second = pace_.add(clock_.now(), static_cast<double>(progress.details_done));
    text += fmt::format(" · {:.1f}/s · 429s {}", per_second, throttled_list_.value() + throttled_detail_.value());
    if (progress.failed > 0) text += fmt::format(" · failed {}", count(progress.failed));
    const auto left = progress.details_total - progress.details_done;
    if (left > 0 && per_second > 0)
      text += fmt::format(" · {} left", format_time_left(static_cast<double>(left) / per_second));
    return text;
  }

  // What matters most comes first: a narrow terminal cuts the end.
  std::string waiting_text(const shop::Outage& outage) const {
    const auto now = clock_.now();
    const std::string next = outage.next_try == SteadyTime::max() || outage.next_try <= now
                                 ? "asking again now"
                                 : fmt::format("next try in {:.0f} s", std::ceil(to_seconds(outage.next_try - now)));
    return fmt::format("waiting for the server, {}: {}: {}", next, outage.endpoint, outage.reason);
  }

  const Clock& clock_;
  ProgressLine line_;
  Pace pace_;  // of details
  metrics::Counter throttled_list_;
  metrics::Counter throttled_detail_;
  sync::Phase phase_ = sync::Phase::token;
};

// For the table `runs`, too.
ordered_json counts_json(const sync::Summary& summary) {
  return {{"listed", summary.listed},       {"new", summary.fresh},
          {"changed", summary.changed},     {"unchanged", summary.unchanged},
          {"removed", summary.removed},     {"held_back", summary.held_back ? summary.held_back->found : 0},
          {"checked", summary.checked},     {"detail_fetched", summary.detail_fetched},
          {"written", summary.written},     {"enqueued", summary.enqueued},
          {"gone", summary.gone},           {"unreached", summary.unreached},
          {"postponed", summary.postponed}, {"failed", summary.failures.size()}};
}

// Removals that are held back wait for a word, and not for the catalogue to grow until a share of it is enough: what
// was allowed then is noted with the run, beside the limit, and counts as long as that is the same.
constexpr auto kRunsLookBack = std::chrono::days(60);
constexpr const char* kCeiling = "removal_ceiling";

std::optional<std::int64_t> earlier_ceiling(store::Runs& runs, WallTime now, const store::RemovalLimit& limit) {
  for (const store::RunRow& run : runs.since(now - kRunsLookBack)) {  // the latest first
    const auto counts = nlohmann::json::parse(run.counts_json, nullptr, false);
    if (run.command != "sync" || !counts.is_object()) continue;  // of one that was killed nothing is known
    const auto noted = counts.find(kCeiling);
    if (noted == counts.end() || noted->value("limit", "") != store::to_string(limit)) return std::nullopt;
    return noted->value("allowed", std::int64_t{0});
  }
  return std::nullopt;
}

// A run that did not look for removals, or had an empty list, leaves it as it was.
std::optional<std::int64_t> ceiling_after(const sync::Summary& summary, const store::RemovalLimit& limit) {
  if (summary.held_back && summary.listed > 0) return summary.held_back->limit.allowed(summary.held_back->known);
  const bool was_checked = !summary.held_back && summary.removal_note.empty() && summary.stop_reason.empty();
  return was_checked ? std::nullopt : limit.at_most;
}

ordered_json noted_counts(const sync::Summary& summary, const store::RemovalLimit& limit) {
  ordered_json json = counts_json(summary);
  if (const auto ceiling = ceiling_after(summary, limit))
    json[kCeiling] = {{"limit", store::to_string(limit)}, {"allowed", *ceiling}};
  return json;
}

// docs/commands.md lists its keys.
ordered_json summary_json(const Session& session, const sync::Summary& summary) {
  const auto whole = [&](const char* metric) { return std::llround(session.total(metric)); };
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(summary));
  json["api_requests"] = whole("api_requests_total");
  json["api_429"] = whole("api_429_total");
  json["retries"] = whole("retry_total");
  json["metrics_csv"] = or_null(session.csv().string());
  json["store"] = or_null(summary.store_note);
  json["removals"] = removals_of(summary);
  json["held_back_removals"] = removals_json(summary.held_back);
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["failures"] = ordered_json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back(
        {{"sku", failure.sku}, {"stage", failure.stage}, {"error", failure.error}, {"trace", failure.trace}});
  json["dry_run"] = session.common().dry_run;
  if (session.common().dry_run) json["plan"] = session.plans();
  return json;
}

std::string summary_text(const Session& session, const sync::Summary& summary) {
  const bool dry_run = session.common().dry_run;
  std::string text = fmt::format("sync {}{} {}", dry_run ? "(dry run, nothing written) " : "", ending(summary.code),
                                 format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text += fmt::format("\n  listed {}: {} new, {} changed, {} unchanged; {} removed", count(summary.listed),
                      count(summary.fresh), count(summary.changed), count(summary.unchanged), count(summary.removed));
  if (!summary.removal_note.empty()) text += fmt::format(" (not looked for: {})", summary.removal_note);
  if (summary.held_back) text += "\n  removals held back: " + sync::removal_text(*summary.held_back);
  if (dry_run) {
    text += fmt::format("\n  would fetch {} details, {} of them only for their age\n",
                        count(summary.fresh + summary.changed + summary.checked), count(summary.checked));
    return text;
  }
  text += fmt::format("\n  details {} fetched, {} of them for their age; {} products written, {} queued for refresh",
                      count(summary.detail_fetched), count(summary.checked - summary.postponed), count(summary.written),
                      count(summary.enqueued));
  text += fmt::format("\n  requests {}, 429s {}, retries {}", count(std::llround(session.total("api_requests_total"))),
                      count(std::llround(session.total("api_429_total"))),
                      count(std::llround(session.total("retry_total"))));
  if (summary.gone > 0) text += fmt::format("\n  {} products went away while they were listed", count(summary.gone));
  if (summary.unreached + summary.postponed > 0)
    text += fmt::format("\n  {} changed and {} old details were not reached: the next run goes on with them",
                        count(summary.unreached), count(summary.postponed));
  if (!summary.failures.empty()) {
    text += fmt::format("\n  {} failed:", count(static_cast<std::int64_t>(summary.failures.size())));
    for (std::size_t i = 0; i < std::min(summary.failures.size(), kFailuresShown); ++i)
      text +=
          fmt::format("\n    {} {}: {}", summary.failures[i].stage, summary.failures[i].sku, summary.failures[i].error);
    if (summary.failures.size() > kFailuresShown)
      text += fmt::format("\n    and {} more: see --json or the log", summary.failures.size() - kFailuresShown);
  }
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

std::string trouble_text(const sync::Summary& summary) {
  if (summary.held_back) return "removals were held back: see what is missing, then run again with --max-removals";
  if (!summary.failures.empty())
    return fmt::format("{} products failed; the next run tries them again",
                       count(static_cast<std::int64_t>(summary.failures.size())));
  return {};
}

}  // namespace

naver::Environment credentials_of(const CommonOptions& common) {
  if (common.store_credentials.empty()) return naver::process_environment;
  return [&known = common.store_credentials](const std::string& name) {
    const auto found = known.find(name);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  };
}

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
  add_number(app, "--page-size", options.page_size, 1, 500, "Products per list page, at most 500");
  add_number(app, "--workers", options.workers, 1, 256, "Requests in flight at most");
  add_number(app, "--batch-size", options.batch_size, 1, 100'000, "Products per transaction");
  app.add_option_function<std::string>(
         "--rate",
         [this](const std::string& v) { api.max_rate = v == "auto" ? std::nullopt : std::optional(std::stod(v)); },
         "Requests per second and endpoint at most; auto: as the server's headers allow")
      ->type_name("auto|N")
      ->default_str("auto")
      ->check(cli::check(is_rate, "auto, or a number above 0"));
  app.add_flag("--full,--no-incremental", options.full, "Fetch every detail, changed or not");
  add_value(app, "--modified-since", "YYYY-MM-DD", options.modified_since, "Only products modified since the day (KST)")
      ->check(cli::check(is_date, "not a day like 2026-04-01"));
  add_list(app, "--status", options.statuses, {naver::kStatuses.begin(), naver::kStatuses.end()},
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
  check_places(common, session.database());
  api.credentials = naver::read_credentials(credentials_of(common));
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
  options.outage_code = retry_for > Nanoseconds(0) ? ExitCode::try_later : ExitCode::failed;

  const store::Store store = session.open_store();
  options.max_removals.at_most = earlier_ceiling(*store.runs, session.clock().wall(), options.max_removals);
  http::CurlTransport transport(session.clock(), {.max_connections = static_cast<std::size_t>(options.workers)});
  http::Client http_client(transport, session.clock(), session.metrics(), client);
  naver::Api shop(http_client, session.clock(), session.metrics(), api);
  sync::Summary summary;
  const auto synchronise = [&] {
    SyncProgress progress(session);
    Worker worker(kAnswersWaiting);
    const SignalCall wake(session.interrupt(), [&] { transport.wake(); });
    sync::run(options,
              {.clock = session.clock(),
               .metrics = session.metrics(),
               .shop = shop,
               .worker = worker,
               .catalogue = *store.catalogue,
               .database = store.name,
               .run_id = session.info().run_id,
               .wake = [&] { transport.wake(); },
               .interrupted = [&] { return session.interrupt().signal(); },
               .on_progress = [&](const sync::Progress& now) { progress.update(now); },
               .on_plan =
                   [&](const sync::Plan& plan) {
                     session.show_plan(name_of(plan.action), plan.sku, plan.name, plan.changes);
                   },
               .on_accepted =
                   [&] {
                     if (!common.dry_run) store.runs->start(session.start_of(options_json(*this)));
                   }},
              summary);
  };
  log::info("sync {} from {} into {}", session.info().run_id, api.base_url, store.name);
  return session.carry_out({.work = synchronise,
                            .runs = *store.runs,
                            .counts = [&] { return noted_counts(summary, options.max_removals); },
                            .json = [&] { return summary_json(session, summary); },
                            .text = [&] { return summary_text(session, summary); },
                            .has_stages = [&] { return summary.listed > 0 || summary.stop_reason.empty(); },
                            .trouble = [&] { return trouble_text(summary); }},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
