#include "runs.h"

#include "transaction.h"

#include <utility>

namespace pipeline::store::sqlite {

Runs::Runs(std::shared_ptr<Connection> connection)
    : connection_(std::move(connection)),
      kill_(*connection_, "mark killed runs", "UPDATE runs SET status = 'KILLED' WHERE status = 'RUNNING'"),
      start_(*connection_, "note the run's start",
             "INSERT INTO runs (run_id, trace_id, command, options, started_at, status) "
             "VALUES (?1, ?2, ?3, ?4, ?5, 'RUNNING')"),
      end_(*connection_, "note the run's end",
           "UPDATE runs SET status = ?2, exit_code = ?3, counts = ?4, ended_at = ?5 WHERE run_id = ?1"),
      exit_code_(*connection_, "look up how a run ended", "SELECT exit_code FROM runs WHERE run_id = ?1"),
      since_(*connection_, "read the runs",
             "SELECT run_id, command, status, exit_code, started_at, ended_at, counts FROM runs WHERE started_at >= ?1 "
             "ORDER BY started_at DESC") {}

void Runs::start(const RunStart& run) {
  start_with_change(run);
  Transaction transaction(*connection_);
  (void)note_waiting();
  transaction.commit();
  noted();
}

void Runs::start_with_change(const RunStart& run) {
  waiting_ = run;
  run_id_ = run.run_id;
}

bool Runs::note_waiting() {
  if (!waiting_) return false;
  const RunStart& run = *waiting_;
  kill_.run();
  start_.bind(1, run.run_id).bind(2, run.trace_id).bind(3, run.command).bind(4, run.options_json).bind(5, run.at).run();
  return true;
}

void Runs::end(const RunEnd& end) {
  if (!run_id_) return;
  Transaction transaction(*connection_);
  (void)note_waiting();
  end_.bind(1, *run_id_).bind(2, end.status).bind(3, std::int64_t{end.exit_code}).bind(4, end.counts_json);
  end_.bind(5, end.at).run();
  transaction.commit();
  noted();
}

std::optional<int> Runs::exit_code(std::string_view run_id) {
  exit_code_.bind(1, run_id);
  const Statement::Use use(exit_code_);
  if (!exit_code_.step() || exit_code_.is_null(0)) return std::nullopt;
  return static_cast<int>(exit_code_.integer(0));
}

std::vector<RunRow> Runs::since(WallTime time) {
  std::vector<RunRow> runs;
  const auto at = [&](int column) { return WallTime(std::chrono::milliseconds(since_.integer(column))); };
  const Statement::Use use(since_.bind(1, time));
  while (since_.step())
    runs.push_back({.run_id = std::string(since_.text(0)),
                    .command = std::string(since_.text(1)),
                    .status = std::string(since_.text(2)),
                    .exit_code = since_.is_null(3) ? std::nullopt : std::optional(static_cast<int>(since_.integer(3))),
                    .started_at = at(4),
                    .ended_at = since_.is_null(5) ? std::nullopt : std::optional(at(5)),
                    .counts_json = std::string(since_.text(6))});
  return runs;
}

}  // namespace pipeline::store::sqlite
