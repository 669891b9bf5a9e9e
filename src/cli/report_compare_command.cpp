#include "report_compare_command.h"

#include "pipeline/base/log.h"
#include "pipeline/report/compare.h"

#include "run_frame.h"

#include <nlohmann/json.hpp>

namespace pipeline::cli {
namespace {

using Format = ReportCompareCommand::Format;

std::string json_of(const ReportCompareCommand& command, const report::Comparison& comparison, ExitCode code) {
  const nlohmann::ordered_json head = {{"trace_id", command.common.trace_id},
                                       {"command", "report compare"},
                                       {"status", status_word(code)},
                                       {"exit_code", static_cast<int>(code)}};
  return report::comparison_json(comparison, head.dump());
}

std::string text_of(const ReportCompareCommand& command, const report::Comparison& comparison, ExitCode code) {
  switch (command.common.json ? Format::json : command.format) {
    case Format::csv:
      return report::comparison_csv(comparison);
    case Format::markdown:
      return report::comparison_markdown(comparison);
    case Format::json:
      return json_of(command, comparison, code);
    case Format::table:
      break;
  }
  return command.common.quiet ? "" : report::comparison_table(comparison);
}

}  // namespace

ExitCode run_report(const ReportCompareCommand& command, const Clock&, Output& output) {
  const auto comparison = report::compare(report::read_runs(command.base), report::read_runs(command.fresh),
                                          {.max_regression = command.max_regression});
  if (const auto needed = comparison.too_few_runs())
    log::warn(
        "with so few runs no slowdown can be told from noise, however large: give at least {} runs a side, or one",
        *needed);
  const ExitCode code = comparison.regressed() ? ExitCode::over_budget : ExitCode::ok;
  output.write(text_of(command, comparison, code));
  if (code != ExitCode::ok) log::warn("{}", report::comparison_summary(comparison));
  return code;
}

}  // namespace pipeline::cli
