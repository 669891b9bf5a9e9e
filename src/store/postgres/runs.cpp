#include "runs.h"

#include "pipeline/base/error.h"

#include "lease.h"

#include <fmt/format.h>

#include <utility>

namespace pipeline::store::postgres {
namespace {

// Which of the runs that are under way are those of other workers, nobody can tell: the first worker that is alone, or
// the next run, marks those that were killed.
Statement marking_killed(const RunStart& run, const Lease* lease) {
  if (lease == nullptr || !lease->is_shared())
    return {"mark killed runs", "UPDATE @runs SET status = 'KILLED' WHERE status = 'RUNNING' AND run_id <> $1",
            Values::of(run.run_id)};
  return {"mark killed runs",
          "UPDATE @runs SET status = 'KILLED' WHERE status = 'RUNNING' AND run_id <> $1 AND NOT EXISTS "
          "(SELECT 1 FROM @run_lock AS w WHERE w.name <> 'run' AND w.name <> $2 AND w.lease_until >= now())",
          Values::of(run.run_id, lease->name())};
}

}  // namespace

void Runs::start(const RunStart& run) {
  start_with_change(run);
  connection_->write([&](Transaction& transaction) {
    std::vector<Statement> statements;
    note_waiting(statements);
    (void)transaction.commit(std::move(statements));
  });
  noted();
}

void Runs::start_with_change(const RunStart& run) {
  if (is_noted(run.run_id))
    throw Error(fmt::format("{}: note the run's start: there is a run {} already", connection_->name(), run.run_id));
  waiting_ = run;
  run_id_ = run.run_id;
}

bool Runs::is_noted(std::string_view run_id) const {
  return connection_->ask("look for a run", "SELECT 1 FROM @runs WHERE run_id = $1", Values::of(run_id)).rows() > 0;
}

// An attempt whose answer was lost may have noted it already: then it stays as it is.
void Runs::note_waiting(std::vector<Statement>& statements) const {
  if (!waiting_) return;
  const RunStart& run = *waiting_;
  statements.push_back(marking_killed(run, connection_->lease()));
  statements.push_back({"note the run's start",
                        "INSERT INTO @runs (run_id, trace_id, command, options, started_at, status) "
                        "VALUES ($1, $2, $3, $4, $5, 'RUNNING') ON CONFLICT (run_id) DO NOTHING",
                        Values::of(run.run_id, run.trace_id, run.command, run.options_json, run.at)});
}

void Runs::end(const RunEnd& end) {
  if (!run_id_) return;
  connection_->write([&](Transaction& transaction) {
    std::vector<Statement> statements;
    note_waiting(statements);
    statements.push_back({"note the run's end",
                          "UPDATE @runs SET status = $2, exit_code = $3, counts = $4, ended_at = $5 WHERE run_id = $1",
                          Values::of(*run_id_, end.status, end.exit_code, end.counts_json, end.at)});
    (void)transaction.commit(std::move(statements));
  });
  noted();
}

std::optional<int> Runs::exit_code(std::string_view run_id) {
  const Result found =
      connection_->ask("look up how a run ended", "SELECT exit_code FROM @runs WHERE run_id = $1", Values::of(run_id));
  if (found.rows() == 0 || found.is_null(0, 0)) return std::nullopt;
  return static_cast<int>(found.integer(0, 0));
}

std::vector<RunRow> Runs::since(WallTime time) {
  const Result found = connection_->ask(
      "read the runs",
      "SELECT run_id, command, status, exit_code, started_at, ended_at, counts FROM @runs WHERE started_at >= $1 "
      "ORDER BY started_at DESC, run_id DESC",
      Values::of(time));
  std::vector<RunRow> runs;
  for (int i = 0; i < found.rows(); ++i) {
    const Row row(found, i);
    runs.push_back({.run_id = std::string(row.text(0)),
                    .command = std::string(row.text(1)),
                    .status = std::string(row.text(2)),
                    .exit_code = row.is_null(3) ? std::nullopt : std::optional(static_cast<int>(row.integer(3))),
                    .started_at = row.time(4),
                    .ended_at = row.time_or_none(5),
                    .counts_json = std::string(row.text(6))});
  }
  return runs;
}

}  // namespace pipeline::store::postgres
