#include "queue_command.h"

#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/store/database.h"
#include "pipeline/store/queue_claims.h"
#include "pipeline/store/queue_list.h"

#include "budget_check.h"
#include "queue_rows.h"
#include "run_frame.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

namespace pipeline::cli {
namespace {

using store::QueueMove;
using Action = QueueCommand::Action;

// What the step on the queue took, and what the budget says of it.
class Measured {
 public:
  Measured(const QueueCommand& command, const Clock& clock)
      : budget(command.common),
        metrics(clock),
        command_(command),
        whole_(metrics.timer("queue_total_seconds")),
        started_(clock.now()) {}

  // The exit code to end with.
  [[nodiscard]] ExitCode judge(ExitCode code) {
    metrics.record(whole_, started_, metrics.clock().now() - started_);
    return budget.judge(queue_name(command_.action), metrics.rows(), code);
  }
  // Standard output is for scripts; and a budget in the config file that has no rule for the step is no news to them.
  void show_budget() const {
    if (!command_.common.quiet && !budget.verdicts().empty()) std::fputs(budget.table().c_str(), stderr);
  }

  BudgetCheck budget;
  metrics::Metrics metrics;

 private:
  const QueueCommand& command_;
  metrics::Timer whole_;
  SteadyTime started_;
};

store::Database open_database(const QueueCommand& command, const Clock& clock, metrics::Metrics& metrics) {
  const auto& path = command.common.db;
  if (!is_there(path))
    throw UsageError(fmt::format("there is no database {}: name it with --db, or make it with a sync", path.string()));
  const auto mode =
      command.action == Action::list ? store::Database::Mode::read_only : store::Database::Mode::read_write;
  return store::Database(path, mode, clock, metrics,
                         std::chrono::duration_cast<std::chrono::milliseconds>(command.lock_wait));
}

store::QueueFilter filter_of(const QueueCommand& command) {
  store::QueueFilter filter;
  for (const auto& name : command.statuses) filter.statuses.push_back(catalogue::parse_queue_status(name).value());
  filter.reasons = command.reasons;
  if (!command.sku.empty()) filter.sku = command.sku;
  if (!command.claimed_by.empty()) filter.worker = command.claimed_by;
  filter.limit = command.list_limit;
  return filter;
}

void list(const QueueCommand& command, store::Database& database, const Clock& clock, Output& output) {
  const auto rows = make_queue_rows(command.format, clock.wall(), [&](auto text) { output.write(text); });
  store::QueueList(database).each(filter_of(command), [&](const auto& entry) { rows->add(entry); });
  rows->end();
}

// The claim is committed before it is shown: should the output fail, the lease runs out and the entries come back.
void claim(const QueueCommand& command, store::Database& database, const Clock& clock, Output& output) {
  const auto entries =
      store::QueueClaims(database).claim({.worker = command.worker,
                                          .limit = command.claim_limit,
                                          .lease = std::chrono::duration_cast<std::chrono::milliseconds>(command.lease),
                                          .max_attempts = command.max_attempts});
  const auto rows = make_queue_rows(command.format, clock.wall(), [&](auto text) { output.write(text); });
  for (const auto& entry : entries) rows->add(entry);
  rows->end();
}

std::int64_t read_id(std::string_view line, int number) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), id);
  if (error != std::errc() || end != line.data() + line.size() || id < 1)
    throw UsageError(fmt::format("standard input, line {}: {}: no id of a queue entry", number, line));
  return id;
}

std::vector<std::int64_t> ids_of(const QueueCommand& command) {
  std::vector<std::int64_t> ids = command.ids;
  if (!command.ids_from_input) return ids;
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) ids.push_back(read_id(line, number));
  }
  return ids;
}

std::vector<QueueMove> moves_of(const QueueCommand& command, const std::vector<std::int64_t>& ids,
                                store::Database& database) {
  const auto worker = command.worker.empty() ? std::nullopt : std::optional(command.worker);
  store::QueueClaims claims(database);
  if (command.action == Action::done) return claims.done(ids, worker);
  if (command.action == Action::fail) return claims.fail(ids, command.failure, worker, command.max_attempts);
  return command.retry_all ? claims.retry_all() : claims.retry(ids);
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

std::string moves_json(const QueueCommand& command, const std::vector<QueueMove>& moves, ExitCode code,
                       const BudgetCheck& budget) {
  nlohmann::ordered_json json = {{"trace_id", command.common.trace_id},
                                 {"command", queue_name(command.action)},
                                 {"status", status_word(code)},
                                 {"exit_code", static_cast<int>(code)}};
  for (const Group& group : kGroups) {
    auto& ids = json[group.key] = nlohmann::ordered_json::array();
    for (const auto& move : moves)
      if (move.kind == group.kind) ids.push_back(move.id);
  }
  json["refused"] = nlohmann::ordered_json::array();
  for (const auto& move : moves)
    if (move.kind == QueueMove::Kind::refused) json["refused"].push_back({{"id", move.id}, {"error", move.refusal}});
  json["budget"] = budget.json();
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string moves_text(const std::vector<QueueMove>& moves, std::ptrdiff_t refused) {
  std::string text;
  const auto add = [&](std::ptrdiff_t count, const char* words) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words);
  };
  for (const Group& group : kGroups) add(std::ranges::count(moves, group.kind, &QueueMove::kind), group.words);
  add(refused, "refused");
  return (text.empty() ? "no entries" : text) + "\n";
}

ExitCode move(const QueueCommand& command, const std::vector<std::int64_t>& ids, store::Database& database,
              Measured& measured, Output& output) {
  const auto moves = moves_of(command, ids, database);
  const auto refused = std::ranges::count(moves, QueueMove::Kind::refused, &QueueMove::kind);
  for (const auto& move : moves)
    if (move.kind == QueueMove::Kind::refused) log::error("{}: {}", queue_name(command.action), move.refusal);
  const ExitCode code = measured.judge(refused > 0 ? ExitCode::partial : ExitCode::ok);
  if (command.common.json)
    output.write(moves_json(command, moves, code, measured.budget));
  else if (!command.common.quiet)
    output.write(moves_text(moves, refused));
  output.flush();
  if (!command.common.json) measured.show_budget();
  return code;
}

}  // namespace

std::string_view queue_name(Action action) noexcept {
  switch (action) {
    case Action::list:
      return "queue list";
    case Action::claim:
      return "queue claim";
    case Action::done:
      return "queue done";
    case Action::fail:
      return "queue fail";
    case Action::retry:
      return "queue retry";
  }
  return "queue";
}

ExitCode run_queue(const QueueCommand& command, const Clock& clock, Output& output) {
  Measured measured(command, clock);
  const auto ids = ids_of(command);  // all of them, before the database is held
  store::Database database = open_database(command, clock, measured.metrics);
  switch (command.action) {
    case Action::list:
      list(command, database, clock, output);
      break;
    case Action::claim:
      claim(command, database, clock, output);
      break;
    default:
      return move(command, ids, database, measured, output);
  }
  const ExitCode code = measured.judge(ExitCode::ok);
  measured.show_budget();
  return code;
}

}  // namespace pipeline::cli
