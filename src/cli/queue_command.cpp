#include "queue_command.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/log.h"
#include "pipeline/store/database.h"

#include "option_kit.h"
#include "places.h"
#include "queue_rows.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

namespace pipeline::cli {
namespace {

using store::QueueMove;
using Action = QueueCommand::Action;

std::optional<std::int64_t> parse_id(const std::string& text) {
  const auto id = parse_number<std::int64_t>(text);
  return id.value_or(0) > 0 ? id : std::nullopt;
}

// The SKU names the product of whatever source has it, while that is one.
void choose_product(const std::string& name, store::Catalogue& catalogue, store::QueueFilter& filter) {
  const auto found = catalogue.find_by_sku(name);
  if (found.size() > 1) {
    std::string names;
    for (const auto& one : found) names += (names.empty() ? "" : ", ") + one.name;
    throw UsageError(
        fmt::format("{} sources have the SKU {}: name one with its source ({})", found.size(), name, names));
  }
  filter.sku = found.empty() ? name : found.front().product.sku;
  if (!found.empty()) filter.source = found.front().product.source;
}

void list(const QueueCommand& command, const store::Store& store, QueueRows& rows) {
  store::QueueFilter filter{.reasons = command.reasons, .limit = command.list_limit};
  for (const auto& name : command.statuses) filter.statuses.push_back(catalogue::parse_queue_status(name).value());
  if (!command.sku.empty()) choose_product(command.sku, *store.catalogue, filter);
  if (!command.claimed_by.empty()) filter.worker = command.claimed_by;
  store.queue->each(filter, [&](const auto& entry) { rows.add(entry); });
}

// Asks again, with growing pauses, until something is there or the time is over. A signal ends the process between two
// claims as it would any that holds nothing.
std::vector<catalogue::QueueEntry> claim_when_there(const QueueCommand& command, store::Queue& queue,
                                                    const Clock& clock) {
  constexpr Nanoseconds kFirstPause = std::chrono::milliseconds(20);
  constexpr Nanoseconds kLongestPause = std::chrono::seconds(1);
  const store::Claim claim{.worker = command.worker,
                           .limit = command.claim_limit,
                           .lease = std::chrono::duration_cast<std::chrono::milliseconds>(command.lease),
                           .max_attempts = command.max_attempts};
  const SteadyTime end = clock.now() + command.wait;
  for (Nanoseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    auto entries = queue.claim(claim);
    const Nanoseconds left = end - clock.now();
    if (!entries.empty() || left <= Nanoseconds(0)) return entries;
    std::this_thread::sleep_for(std::min(pause, left));
  }
}

// The claim is committed before it is shown: should the output fail, the lease runs out and the entries come back.
void claim(const QueueCommand& command, store::Queue& queue, const Clock& clock, QueueRows& rows) {
  for (const auto& entry : claim_when_there(command, queue, clock)) rows.add(entry);
}

std::vector<std::int64_t> ids_of(const QueueCommand& command) {
  std::vector<std::int64_t> ids = command.ids;
  if (!command.ids_from_input) return ids;
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) continue;
    const auto id = parse_id(line);
    if (!id) throw UsageError(fmt::format("standard input, line {}: {}: no id of a queue entry", number, line));
    ids.push_back(*id);
  }
  return ids;
}

std::vector<QueueMove> moves_of(const QueueCommand& command, const std::vector<std::int64_t>& ids,
                                store::Queue& queue) {
  const auto worker = command.worker.empty() ? std::nullopt : std::optional(command.worker);
  if (command.action == Action::done) return queue.done(ids, worker);
  if (command.action == Action::fail) return queue.fail(ids, command.failure, worker, command.max_attempts);
  return command.retry_all ? queue.retry_all() : queue.retry(ids);
}

struct Group {
  QueueMove::Kind kind;
  const char* key;
  const char* words;
};
constexpr Group kGroups[] = {{QueueMove::Kind::done, "done", "done"},
                             {QueueMove::Kind::done_before, "done_before", "done before"},
                             {QueueMove::Kind::pending, "pending", "waiting again"},
                             {QueueMove::Kind::failed, "failed", "failed for good"}};

nlohmann::ordered_json moves_json(const Session& session, const std::vector<QueueMove>& moves, ExitCode code) {
  auto json = session.head(code);
  for (const Group& group : kGroups) {
    auto& ids = json[group.key] = nlohmann::ordered_json::array();
    for (const auto& move : moves)
      if (move.kind == group.kind) ids.push_back(move.id);
  }
  json["refused"] = nlohmann::ordered_json::array();
  for (const auto& move : moves)
    if (move.kind == QueueMove::Kind::refused) json["refused"].push_back({{"id", move.id}, {"error", move.refusal}});
  json["budget"] = session.budget().json();
  return json;
}

std::string moves_text(const std::vector<QueueMove>& moves, std::ptrdiff_t refused) {
  std::string text;
  const auto add = [&](std::ptrdiff_t count, const char* words) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words);
  };
  for (const Group& group : kGroups) add(std::ranges::count(moves, group.kind, &QueueMove::kind), group.words);
  add(refused, "refused");
  text = (text.empty() ? "no entries" : text) + "\n";
  for (const auto& move : moves)
    if (move.kind == QueueMove::Kind::refused) text += fmt::format("  {}\n", move.refusal);
  return text;
}

// Standard output is for scripts; and a budget in the config file that has no rule for the step is no news to them.
void show_budget(const Session& session) {
  const Language& language = session.output().language();
  if (!session.common().quiet && !session.budget().verdicts().empty())
    std::fputs(language.text(session.budget().table(language)).c_str(), stderr);
}

ExitCode move(const QueueCommand& command, const std::vector<std::int64_t>& ids, store::Queue& queue,
              Session& session) {
  const auto moves = moves_of(command, ids, queue);
  const auto refused = std::ranges::count(moves, QueueMove::Kind::refused, &QueueMove::kind);
  for (const auto& move : moves)
    if (move.kind == QueueMove::Kind::refused) log::error("{}: {}", session.command(), move.refusal);
  const ExitCode code = session.judge(refused > 0 ? ExitCode::partial : ExitCode::ok);
  if (command.common.json)
    session.output().write(document(moves_json(session, moves, code)));
  else if (!command.common.quiet)
    session.output().say(moves_text(moves, refused));
  session.output().flush();
  if (!command.common.json) show_budget(session);
  return code;
}

}  // namespace

HelpText QueueCommand::help() const {
  switch (action) {
    case Action::list:
      return {.examples =
                  "pipeline queue list --db store.db\n"
                  "pipeline queue list --status FAILED --format csv\n"};
    case Action::claim:
      return {.examples =
                  "pipeline queue claim --worker blog --limit 10 --json --db store.db\n"
                  "pipeline queue claim --worker blog --lease 1h\n"
                  "pipeline queue claim --worker blog --wait 10m --json\n"};
    case Action::done:
      return {.examples =
                  "pipeline queue done 17 18 --db store.db\n"
                  "cut -d, -f1 ready.csv | pipeline queue done - --worker blog\n"};
    case Action::fail:
      return {.examples =
                  "pipeline queue fail 17 --reason 'no picture'\n"
                  "pipeline queue fail 17 18 --worker blog --reason 'the shop is closed' --db store.db\n"};
    case Action::retry:
      return {.examples =
                  "pipeline queue retry 17 18\n"
                  "pipeline queue retry --all --db store.db\n"};
  }
  return {};
}

void QueueCommand::add_options(CLI::App& app) {
  const auto add_worker = [&](const char* description) {
    add_value(app, "--worker", "NAME", worker, description)->check(not_empty());
  };
  const auto add_max_attempts = [&] {
    add_number(app, "--max-attempts", max_attempts, 1, 1000, "After so many claims without success an entry is FAILED");
  };
  const auto add_ids = [&] {
    const auto take = [this](const std::vector<std::string>& texts) {
      for (const auto& text : texts)
        if (text == "-")
          ids_from_input = true;
        else
          ids.push_back(*parse_id(text));
    };
    return app
        .add_option_function<std::vector<std::string>>("ID", take,
                                                       "Entries by their ids; -: more on standard input, one a line")
        ->type_name("")
        ->check(
            cli::check([](const auto& v) { return v == "-" || parse_id(v).has_value(); }, "no id of a queue entry"));
  };
  switch (action) {  // what belongs to one call has no name in the environment
    case Action::list:
      add_list(app, "--status", statuses, {"PENDING", "CLAIMED", "DONE", "FAILED"},
               "Of these states: PENDING, CLAIMED, DONE, FAILED")
          ->default_str("all but DONE")
          ->configurable(false);
      add_value(app, "--sku", "SKU", sku, "Of this product; SOURCE:SKU where several sources have the SKU")
          ->check(not_empty())
          ->configurable(false);
      add_list(app, "--reason", reasons, {"NEW", "PRICE", "STOCK", "OPTION", "CONTENT", "STATUS", "REMOVED"},
               "With one of these reasons, e.g. PRICE,STOCK")
          ->configurable(false);
      add_value(app, "--worker", "NAME", claimed_by, "Claimed last by this worker")
          ->check(not_empty())
          ->configurable(false);
      add_number(app, "--limit", list_limit, 1, 1'000'000'000, "The first N only")->configurable(false);
      add_format(app, format);
      break;
    case Action::claim:
      add_number(app, "--limit", claim_limit, 1, 10'000, "So many at most")->configurable(false);
      add_worker("Who takes them; has to be said");
      add_duration(app, "--lease", lease, "15m", "What is not done after so long goes to the next who claims");
      add_duration(app, "--wait", wait, "0s", "Where nothing is to be had, wait for it so long", Zero::allowed);
      add_max_attempts();
      add_format(app, format);
      break;
    case Action::done:
      add_ids()->required();
      add_worker("Only what this worker holds still");
      break;
    case Action::fail:
      add_ids()->required();
      add_value(app, "--reason", "TEXT", failure, "What went wrong")
          ->required()
          ->check(not_empty())
          ->configurable(false);
      add_worker("Only what this worker holds still");
      add_max_attempts();
      break;
    case Action::retry:
      add_ids();
      app.add_flag("--all", retry_all, "All that are FAILED")->configurable(false);
      break;
  }
}

void QueueCommand::check(const CLI::App& line) {
  settle_format(line, format, common);
  if (action == Action::claim && worker.empty())
    throw CLI::ValidationError("queue claim", "say who takes the entries with --worker NAME");
  if (action == Action::retry && retry_all == (ids_from_input || !ids.empty()))
    throw CLI::ValidationError("queue retry", "name the entries by their ids, or all of them with --all");
}

ExitCode QueueCommand::run(Session& session) {
  session.begin(false);
  const auto all_ids = ids_of(*this);  // all of them, before the database is held
  check_database(session.database());
  using Mode = store::Opening::Mode;
  const store::Store store = session.open_store(action == Action::list ? Mode::read : Mode::write);
  if (action != Action::list && action != Action::claim) return move(*this, all_ids, *store.queue, session);
  QueueRows rows(format, session.clock().wall(), session.output());
  action == Action::list ? list(*this, store, rows) : claim(*this, *store.queue, session.clock(), rows);
  rows.end();
  const ExitCode code = session.judge(ExitCode::ok);
  show_budget(session);
  return code;
}

}  // namespace pipeline::cli
