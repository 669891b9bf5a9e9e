#include "report_compare_command.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/log.h"
#include "pipeline/report/compare.h"

#include "option_kit.h"
#include "session.h"

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::cli {
namespace {

using Paths = std::vector<std::filesystem::path>;

// `15%`, `15` or `0.15`: all the same.
std::optional<double> parse_share(std::string_view text) {
  const bool percent = text.ends_with('%');
  auto value = parse_number<double>(text.substr(0, text.size() - (percent ? 1 : 0)));
  if (value && (percent || *value >= 1)) *value /= 100;
  return value && *value >= 0 && *value <= 100 ? value : std::nullopt;
}

// One path by its place, more by an option; they add up.
void add_side(CLI::App& app, const char* place, const char* option, const char* description, Paths& side) {
  app.add_option_function<std::string>(
         place, [&side](const std::string& path) { side.emplace_back(path); }, description)
      ->type_name("");
  app.add_option_function<std::vector<std::string>>(
         option,
         [&side](const std::vector<std::string>& paths) { side.insert(side.end(), paths.begin(), paths.end()); },
         "More of that side")
      ->type_name("FILE...")
      ->configurable(false);
}

}  // namespace

HelpText ReportCompareCommand::help() const {
  return {.examples =
              "pipeline report compare before.csv after.csv\n"
              "pipeline report compare runs/v1 runs/v2 --max-regression 10%\n"
              "pipeline report compare --base a1.csv a2.csv --new b1.csv b2.csv --format markdown\n"};
}

void ReportCompareCommand::add_options(CLI::App& app) {
  add_side(app, "BASE", "--base", "A run's CSV, or a folder of them: what was before", base);
  add_side(app, "NEW", "--new", "The same: what is now", fresh);
  app.add_option_function<std::string>(
         "--max-regression", [this](const std::string& text) { max_regression = *parse_share(text); },
         "How much slower a stage may be")
      ->type_name("SHARE")
      ->default_str("15%")
      ->check(cli::check([](const auto& v) { return parse_share(v).has_value(); }, "not a share like 15%"));
  add_format(app, format, {{"markdown", Format::markdown}})->configurable(false);
}

void ReportCompareCommand::check(const CLI::App& line) {
  settle_format(line, format, common);
  if (base.empty()) throw CLI::ValidationError("report compare", "say what was before, as BASE or with --base FILE...");
  if (fresh.empty()) throw CLI::ValidationError("report compare", "say what is now, as NEW or with --new FILE...");
}

ExitCode ReportCompareCommand::run(Session& session) {
  const auto comparison =
      report::compare(report::read_runs(base), report::read_runs(fresh), {.max_regression = max_regression});
  if (const auto needed = comparison.too_few_runs())
    log::warn(
        "with so few runs no slowdown can be told from noise, however large: give at least {} runs a side, or one",
        *needed);
  const ExitCode code = comparison.regressed() ? ExitCode::over_budget : ExitCode::ok;
  const auto in_language = [&](std::string_view english) { return session.output().language().text(english); };
  session.show(format, {.table = [&] { return report::comparison_table(comparison, in_language); },
                        .csv = [&] { return report::comparison_csv(comparison); },
                        .markdown = [&] { return report::comparison_markdown(comparison, in_language); },
                        .json = [&] { return report::comparison_json(comparison, session.head(code).dump()); }});
  if (code != ExitCode::ok) log::warn("{}", report::comparison_summary(comparison));
  return code;
}

}  // namespace pipeline::cli
