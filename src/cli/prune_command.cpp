#include "prune_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "copies.h"
#include "megabytes.h"
#include "option_kit.h"
#include "places.h"
#include "prune_work.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

std::int64_t signed_of(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

std::vector<std::vector<std::string>> lines_of(const PrunePlan& plan) {
  const auto rows = [](std::int64_t n) { return fmt::format("{} rows", count(n)); };
  const auto files = [](std::uint64_t n) { return fmt::format("{} files", count(signed_of(n))); };
  const auto bytes = [](std::int64_t n) { return megabytes(static_cast<std::uint64_t>(n)); };
  return {
      {"reports of runs", files(plan.files.size()), megabytes(plan.file_bytes)},
      {"history.csv",
       fmt::format("{} of {} runs", count(signed_of(plan.history.goes.size())), count(signed_of(plan.history.runs))),
       megabytes(plan.history_bytes)},
      {"DONE entries", rows(plan.rows.entries), bytes(plan.rows.entry_bytes)},
      {"runs", rows(plan.rows.runs), bytes(plan.rows.run_bytes)},
      {"packages of posts that are gone", files(plan.package_files), megabytes(plan.package_bytes)}};
}

std::string text_of(const PrunePlan& plan, const PruneOrder& order, const Language& language) {
  std::string text = fmt::format("what is older than {}:\n", format_kst_date(order.term.before));
  auto lines = lines_of(plan);
  for (auto& line : lines)  // before they are aligned
    for (std::string& cell : line) cell = language.text(cell);
  text += align_columns(lines, "lrr");
  if (plan.kept_posts > 0)
    text += fmt::format("{} posts whose folder is gone stay: they wait for a hand, as `pipeline status` says\n",
                        count(plan.kept_posts));
  return text;
}

ordered_json json_of(const PrunePlan& plan, const PruneOrder& order) {
  ordered_json json = {{"before", format_utc(order.term.before)}};
  json["reports"] = {{"files", plan.files.size()}, {"bytes", plan.file_bytes}};
  json["history"] = {{"runs", plan.history.goes.size()}, {"of", plan.history.runs}, {"bytes", plan.history_bytes}};
  json["entries"] = {{"rows", plan.rows.entries}, {"bytes", plan.rows.entry_bytes}};
  json["runs"] = {{"rows", plan.rows.runs}, {"bytes", plan.rows.run_bytes}};
  json["packages"] = {{"posts", ordered_json::array()}, {"files", plan.package_files}, {"bytes", plan.package_bytes}};
  for (const GonePost& post : plan.posts) json["packages"]["posts"].push_back(post.content_id);
  json["kept_posts"] = plan.kept_posts;
  return json;
}

std::string size_text(const store::Space& before, const store::Space& after) {
  if (after.bytes < before.bytes)
    return fmt::format("the database: {}, {} before\n", megabytes(after.bytes), megabytes(before.bytes));
  return fmt::format("the database: {}, of which {} are free for what comes\n", megabytes(after.bytes),
                     megabytes(after.freed));
}

ExitCode code_of(const PrunePlan& plan, bool removes, bool dry_run, int signal) {
  if (!removes && !dry_run) return ExitCode::usage;
  if (signal != 0) return exit_code_of_signal(signal);
  return plan.failures.empty() ? ExitCode::ok : ExitCode::partial;
}

}  // namespace

HelpText PruneCommand::help() const {
  return {.notes =
              "Reports of runs, DONE entries, rows of runs, and packages of published posts whose folder was gone for "
              "so long. Of\nhistory.csv one run a week and command stays. What waits for a hand never goes. What would "
              "go is shown; without\n--yes nothing goes, and the exit code is 2. Runs that write go on meanwhile.\n",
          .examples =
              "pipeline prune --dry-run --db store.db\n"
              "pipeline prune --keep 180d --out packages --yes --db store.db\n"};
}

void PruneCommand::add_options(CLI::App& app) {
  constexpr std::int64_t kMost = 1'000'000;
  add_duration(app, "--keep", keep, "90d", "What is younger stays; a day at least")
      ->check(cli::check(
          [](const std::string& text) {
            const auto time = parse_duration(text);
            return !time || *time >= std::chrono::days(1);
          },
          "status and the page read what is younger than a day: say 1d or more"));
  add_number(app, "--keep-runs", keep_runs, 1, kMost, "The last runs of each command stay, however old");
  add_value(app, "--out", "DIR", out, "Where packages are");
  app.add_flag("--yes", yes, "It is meant")->configurable(false);
}

ExitCode PruneCommand::run(Session& session) {
  const Interrupt interrupt;
  session.begin(false);
  check_database(session.database());
  const bool removes = yes && !common.dry_run;
  store::Store store = session.open_store(removes ? store::Opening::Mode::write : store::Opening::Mode::read);
  const WallTime now = session.clock().wall();
  const PruneOrder order{
      .term = {.before = now - std::chrono::duration_cast<std::chrono::milliseconds>(keep), .keep_runs = keep_runs},
      .metrics_dir = common.metrics_dir,
      .out = out,
      .now = now};
  PrunePlan plan = plan_prune(order, store);
  const bool shows = !common.json && !common.quiet;
  if (shows) session.output().say(text_of(plan, order, session.output().language()));
  const store::Space before = store.upkeep->space();
  if (removes) carry_out(plan, order, store, interrupt);
  const store::Space after = store.upkeep->space();

  for (const std::string& failure : plan.failures) log::error("prune: {}", failure);
  const ExitCode code = code_of(plan, removes, common.dry_run, interrupt.signal());
  if (common.json) {
    auto json = session.head(code);
    json["removed"] = removes;
    json.update(json_of(plan, order));
    json["database"] = {{"bytes_before", before.bytes}, {"bytes", after.bytes}, {"free", after.freed}};
    json["failures"] = plan.failures;
    session.output().write(document(json));
  } else if (shows) {
    session.output().say(removes ? size_text(before, after) : "nothing was changed\n");
    if (code == ExitCode::usage) session.output().say("to do it, say that it is meant with --yes\n");
  }
  if (code == ExitCode::usage) log::error("prune: say that it is meant with --yes");
  return code;
}

}  // namespace pipeline::cli
