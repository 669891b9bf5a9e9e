#include "pipeline/status/runs.h"

#include "pipeline/base/error.h"

#include <set>
#include <string>

namespace pipeline::status {
namespace {

constexpr std::string_view kRunning = "RUNNING";

// Who can't be asked is believed.
bool may_be_at_work(const store::Database& database, const Clock& clock) {
  try {
    return database.inspect(clock)->holder().has_value();
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

std::vector<store::RunRow> read_runs(const store::Database& database, store::Store& store, const Clock& clock,
                                     WallTime since) {
  auto rows = store.runs->since(since);
  std::set<std::string> open;
  for (const store::RunRow& run : rows)
    if (run.status == kRunning) open.insert(run.run_id);
  if (open.empty() || may_be_at_work(database, clock)) return rows;
  rows = store.runs->since(since);  // it may have ended meanwhile, and another begun
  for (store::RunRow& run : rows)
    if (run.status == kRunning && open.contains(run.run_id)) run.status = "KILLED";
  return rows;
}

}  // namespace pipeline::status
