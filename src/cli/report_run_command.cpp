#include "report_run_command.h"

#include "pipeline/base/text.h"
#include "pipeline/metrics/report.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/work.h"

#include "option_kit.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <ctime>
#include <string>

namespace pipeline::cli {
namespace {

using metrics::Row;
using metrics::Run;
using nlohmann::ordered_json;

// In the time zone of who reads it: 2026-11-23 16:36:10 KST.
std::string local_words(WallTime time) {
  if (time == WallTime()) return "unknown: its run id does not say it";
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 64> words{};
  const std::size_t size = std::strftime(words.data(), words.size(), "%Y-%m-%d %H:%M:%S %Z", &local);
  return {words.data(), size};
}

std::string head_of(const Run& run) {
  const auto text = fmt::format("{} {}\n  started {}\n  trace {}\n", run.info.command, run.info.run_id,
                                local_words(run.info.started_at), run.info.trace_id);
  if (!run.info.exit_code) return text;
  return text +
         fmt::format("  exit code {}{}\n", *run.info.exit_code,
                     report::got_through(run) ? "" : ": it did not get through, so its figures say nothing of speed");
}

ordered_json json_of(const Row& row) {
  ordered_json json = {
      {"kind", to_string(row.kind)}, {"metric", row.metric}, {"labels", ordered_json::object()}, {"unit", row.unit}};
  for (const auto& [label, value] : row.labels) json["labels"][label] = value;
  if (row.kind == metrics::Kind::timer) json["count"] = row.count;
  for (const auto& [name, value] : metrics::kFigures)
    if (row.count > 0 || name == "sum") json[std::string(name)] = row.*value;
  return json;
}

ordered_json json_of(const Run& run, const BudgetCheck& budget, ExitCode code, bool with_rows) {
  ordered_json json = {{"run_id", run.info.run_id},   {"trace_id", run.info.trace_id},
                       {"command", run.info.command}, {"started_at", nullptr},
                       {"status", status_word(code)}, {"exit_code", static_cast<int>(code)}};
  json["run_exit_code"] = run.info.exit_code ? ordered_json(*run.info.exit_code) : ordered_json(nullptr);
  if (run.info.started_at != WallTime()) json["started_at"] = format_utc(run.info.started_at);
  if (with_rows) {
    json["rows"] = ordered_json::array();
    for (const Row& row : run.rows) json["rows"].push_back(json_of(row));
  }
  json["budget"] = budget.json();
  return json;
}

std::string text_of(const Run& run, const BudgetCheck& budget, bool with_rows, const Language& language) {
  auto text = head_of(run);
  if (with_rows) text += '\n' + metrics::format_table(run.rows);
  if (const auto table = budget.table(language); !table.empty()) text += '\n' + table;
  return text;
}

}  // namespace

HelpText ReportRunCommand::help() const {
  if (judges)
    return {.examples =
                "pipeline report check metrics/sync-20261122T221620-4bf92f35.csv --budget budget.json\n"
                "pipeline report check run.csv --budget budget.json --budget-set plan --json\n"};
  return {.examples =
              "pipeline report show metrics/sync-20261122T221620-4bf92f35.csv\n"
              "pipeline report show run.csv --json\n"};
}

void ReportRunCommand::add_options(CLI::App& app) {
  app.add_option("RUN.csv", csv, "A run's report, as <metrics-dir>/<command>-<run_id>.csv")->type_name("")->required();
}

ExitCode ReportRunCommand::run(Session& session) {
  if (judges && common.budget.empty())
    throw UsageError("report check judges a run by a budget: name its file with --budget");
  BudgetCheck& budget = session.budget();
  const Run run = metrics::read_run_csv(csv);
  const ExitCode code = budget.judge(run.info.command, run.rows, ExitCode::ok);
  if (common.json)
    session.output().write(document(json_of(run, budget, code, !judges)));
  else if (!common.quiet)
    session.output().say(text_of(run, budget, !judges, session.output().language()));
  return code;
}

}  // namespace pipeline::cli
