#include "report_history_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/weeks.h"

#include "budget_check.h"
#include "run_frame.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace pipeline::cli {
namespace {

using Format = ReportHistoryCommand::Format;

// As the locale says it, in the order POSIX has.
bool shows_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    const std::string_view charset = locale.substr(std::min(locale.find('.'), locale.size() - 1) + 1);
    return equal_ignoring_case(charset.substr(0, charset.find('@')), "UTF-8") ||
           equal_ignoring_case(charset.substr(0, charset.find('@')), "utf8");
  }
  return false;
}

std::string json_of(const ReportHistoryCommand& command, const report::Weeks& history) {
  const nlohmann::ordered_json head = {{"trace_id", command.common.trace_id},
                                       {"command", "report history"},
                                       {"status", status_word(ExitCode::ok)},
                                       {"exit_code", static_cast<int>(ExitCode::ok)}};
  return report::history_json(history, head.dump());
}

std::string nothing_found(const ReportHistoryCommand& command, const report::Weeks& history) {
  return fmt::format("no run{}{} from {} to {} in {}\n", command.command.empty() ? "" : " of ", command.command,
                     report::week_name(history.weeks.front()), report::week_name(history.weeks.back()),
                     (command.common.metrics_dir / "history.csv").string());
}

std::string text_of(const ReportHistoryCommand& command, const report::Weeks& history) {
  switch (command.common.json ? Format::json : command.format) {
    case Format::csv:
      return report::history_csv(history);
    case Format::markdown:
      return report::history_markdown(history);
    case Format::json:
      return json_of(command, history);
    case Format::table:
      break;
  }
  if (command.common.quiet) return "";
  return history.runs > 0 ? report::history_table(history, shows_utf8()) : nothing_found(command, history);
}

}  // namespace

ExitCode run_report(const ReportHistoryCommand& command, const Clock& clock, Output& output) {
  const auto budget = read_budget(command.common);  // first: a mistake in it is told before anything is read
  const auto history = report::read_weeks(command.common.metrics_dir / "history.csv",
                                          {.now = clock.wall(),
                                           .weeks = command.weeks,
                                           .command = command.command,
                                           .statistic = command.statistic,
                                           .budget = budget ? &*budget : nullptr},
                                          [](const std::string& fault) { log::warn("left out: {}", fault); });
  if (history.faults > 0)
    log::warn("{} line{} of the history could not be read and {} left out", history.faults,
              history.faults == 1 ? "" : "s", history.faults == 1 ? "is" : "are");
  output.write(text_of(command, history));
  return ExitCode::ok;
}

}  // namespace pipeline::cli
