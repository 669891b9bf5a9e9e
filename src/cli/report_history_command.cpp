#include "report_history_command.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/weeks.h"

#include "option_kit.h"
#include "session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace pipeline::cli {
namespace {

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

// What was looked for, where, and what to do.
void check_history(const std::filesystem::path& file) {
  std::error_code unknown;
  const std::filesystem::path folder = folder_of(file);
  if (!std::filesystem::exists(folder, unknown))
    throw Error(
        fmt::format("cannot read {}: there is no folder {}: name the one that the runs write into with "
                    "--metrics-dir; sync, upsert and package make it",
                    file.string(), folder.string()));
  if (!std::filesystem::exists(file, unknown))
    throw Error(
        fmt::format("cannot read {}: no run has written it yet: name the folder that the runs write into with "
                    "--metrics-dir; sync, upsert and package write it at their end",
                    file.string()));
}

std::string nothing_found(const ReportHistoryCommand& command, const report::Weeks& history) {
  return fmt::format(
      "no run{}{} from {} to {} in {}: look further back with --weeks, or elsewhere with --metrics-dir\n",
      command.command.empty() ? "" : " of ", command.command, report::week_name(history.weeks.front()),
      report::week_name(history.weeks.back()), (command.common.metrics_dir / "history.csv").string());
}

}  // namespace

HelpText ReportHistoryCommand::help() const {
  return {.examples =
              "pipeline report history\n"
              "pipeline report history --weeks 26 --command sync --budget budget.json\n"
              "pipeline report history --statistic max --format csv\n"};
}

void ReportHistoryCommand::add_options(CLI::App& app) {
  const auto names = command_names(kReports);
  add_number(app, "--weeks", weeks, 1, 520, "The last N weeks");
  add_value(app, "--command", "NAME", command, fmt::format("Only the runs of one command: {}", fmt::join(names, ", ")))
      ->check(one_of(names))
      ->configurable(false);
  add_value(app, "--statistic", "NAME", statistic, "p50, p95, p99, mean, max, sum or count")
      ->check(one_of({"p50", "p95", "p99", "mean", "max", "sum", "count"}));
  add_format(app, format, {{"markdown", Format::markdown}})->configurable(false);
}

void ReportHistoryCommand::check(const CLI::App& line) {
  settle_format(line, format, common);
}

ExitCode ReportHistoryCommand::run(Session& session) {
  const std::filesystem::path file = common.metrics_dir / "history.csv";
  check_history(file);
  const auto history = report::read_weeks(file,
                                          {.now = session.clock().wall(),
                                           .weeks = weeks,
                                           .command = command,
                                           .statistic = statistic,
                                           .budget = session.budget().rules()},
                                          [](const std::string& fault) { log::warn("left out: {}", fault); });
  if (history.faults > 0)
    log::warn("{} line{} of the history could not be read and {} left out", history.faults,
              history.faults == 1 ? "" : "s", history.faults == 1 ? "is" : "are");
  const auto in_language = [&](std::string_view english) { return session.output().language().text(english); };
  const auto for_people = [&] {
    report::Weeks named = history;
    for (auto& section : named.sections)
      for (auto& line : section.rules) name_in(session.output().language(), line.rule);
    return named;
  };
  const auto table = [&] {
    return history.runs > 0 ? report::history_table(for_people(), shows_utf8(), in_language)
                            : nothing_found(*this, history);
  };
  session.show(format, {.table = table,
                        .csv = [&] { return report::history_csv(history); },
                        .markdown = [&] { return report::history_markdown(for_people(), in_language); },
                        .json = [&] { return report::history_json(history, session.head(ExitCode::ok).dump()); }});
  return ExitCode::ok;
}

}  // namespace pipeline::cli
