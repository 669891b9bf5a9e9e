#include "pipeline/store/runs.h"

namespace pipeline::store {

Runs::Runs(Database& database)
    : database_(database),
      kill_(database, "mark killed runs", "UPDATE runs SET status = 'KILLED' WHERE status = 'RUNNING'"),
      start_(database, "note the run's start",
             "INSERT INTO runs (run_id, trace_id, command, options, started_at, status) "
             "VALUES (?1, ?2, ?3, ?4, ?5, 'RUNNING')"),
      end_(database, "note the run's end",
           "UPDATE runs SET status = ?2, exit_code = ?3, counts = ?4, ended_at = ?5 WHERE run_id = ?1"),
      exit_code_(database, "look up how a run ended", "SELECT exit_code FROM runs WHERE run_id = ?1") {}

void Runs::started(std::string_view run_id, std::string_view trace_id, std::string_view command,
                   std::string_view options_json, WallTime at) {
  std::optional<Transaction> own;
  if (!database_.in_transaction()) own.emplace(database_);
  kill_.run();
  start_.bind(1, run_id).bind(2, trace_id).bind(3, command).bind(4, options_json).bind(5, at).run();
  if (own) own->commit();
}

bool Runs::ended(std::string_view run_id, std::string_view status, int exit_code, std::string_view counts_json,
                 WallTime at) {
  Transaction transaction(database_);
  end_.bind(1, run_id).bind(2, status).bind(3, std::int64_t{exit_code}).bind(4, counts_json).bind(5, at).run();
  const bool known = database_.changes() > 0;
  transaction.commit();
  return known;
}

std::optional<int> Runs::exit_code(std::string_view run_id) {
  exit_code_.bind(1, run_id);
  const Statement::Use use(exit_code_);
  if (!exit_code_.step() || exit_code_.is_null(0)) return std::nullopt;
  return static_cast<int>(exit_code_.integer(0));
}

}  // namespace pipeline::store
