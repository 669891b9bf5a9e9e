#include "report_options.h"

#include "option_kit.h"

#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <type_traits>

namespace pipeline::cli {
namespace {

constexpr const char* kReportFooter =
    "`pipeline report COMMAND --help` shows the options of one.\n"
    "Environment: each option may stand as PIPELINE_REPORT_<OPTION>, the common ones as PIPELINE_<OPTION>.\n\n";
constexpr const char* kWithinFooter = "The common options of `pipeline report --help` may stand here, too.\n\n";

// `15%`, `15` or `0.15`: all the same.
std::optional<double> parse_share(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc() || (rest != "%" && !rest.empty())) return std::nullopt;
  if (rest == "%" || value >= 1) value /= 100;
  if (!(value >= 0 && value <= 100)) return std::nullopt;
  return value;
}

template <typename Command>
CLI::App& add_within(CLI::App& outer, Invocation& chosen, const std::shared_ptr<Command>& command,
                     const std::string& name, const std::string& description,
                     const std::function<void(const Command&)>& rule = {}) {
  CLI::App& app = *outer.add_subcommand(name, description);
  app.fallthrough();
  app.footer(std::string(kWithinFooter) + kExitCodes);
  app.callback([command, rule, &chosen] {
    if (rule) rule(*command);
    chosen = *command;
  });
  return app;
}

void add_run(CLI::App& outer, Invocation& chosen, bool check, const std::string& name, const std::string& description) {
  const auto command = std::make_shared<ReportRunCommand>();
  command->check = check;
  CLI::App& app = add_within(outer, chosen, command, name, description);
  app.add_option("RUN.csv", command->run, "A run's report, as <metrics-dir>/<command>-<run_id>.csv")
      ->type_name("")
      ->required();
  complete_options(app);
}

template <typename Command>
void add_format(CLI::App& app, const std::shared_ptr<Command>& command) {
  using Format = typename Command::Format;
  add_choice(app, "--format", command->format,
             {{"table", Format::table}, {"csv", Format::csv}, {"markdown", Format::markdown}, {"json", Format::json}},
             "table", "How it is shown; --json says the same as the last")
      ->configurable(false);
}

// One path by its place, more by an option; they add up. `keeper` is what `side` lives in.
void add_side(CLI::App& app, const std::string& place, const std::string& option, const std::string& description,
              std::vector<std::filesystem::path>& side, const std::shared_ptr<ReportCompareCommand>& keeper) {
  app.add_option_function<std::string>(
         place, [&side, keeper](const std::string& path) { side.emplace_back(path); }, description)
      ->type_name("");
  app.add_option_function<std::vector<std::string>>(
         option,
         [&side, keeper](const std::vector<std::string>& paths) {
           side.insert(side.end(), paths.begin(), paths.end());
         },
         "More of that side")
      ->type_name("FILE...")
      ->configurable(false);
}

void require_both_sides(const ReportCompareCommand& compare) {
  if (compare.base.empty())
    throw CLI::ValidationError("report compare", "say what was before, as BASE or with --base FILE...");
  if (compare.fresh.empty())
    throw CLI::ValidationError("report compare", "say what is now, as NEW or with --new FILE...");
}

void add_compare(CLI::App& outer, Invocation& chosen) {
  const auto command = std::make_shared<ReportCompareCommand>();
  CLI::App& app =
      add_within<ReportCompareCommand>(outer, chosen, command, "compare",
                                       "Set the stages of two runs, or of two groups of runs, side by side; a stage "
                                       "that regressed: exit code 4",
                                       require_both_sides);
  add_side(app, "BASE", "--base", "A run's CSV, or a folder of them: what was before", command->base, command);
  add_side(app, "NEW", "--new", "The same: what is now", command->fresh, command);
  app.add_option_function<std::string>(
         "--max-regression", [command](const std::string& text) { command->max_regression = *parse_share(text); },
         "How much slower a stage may be")
      ->type_name("SHARE")
      ->default_str("15%")
      ->check(check([](const auto& v) { return parse_share(v).has_value(); }, "not a share like 15%"));
  add_format(app, command);
  complete_options(app);
}

void add_history(CLI::App& outer, Invocation& chosen) {
  const auto command = std::make_shared<ReportHistoryCommand>();
  CLI::App& app =
      add_within(outer, chosen, command, "history",
                 "Each stage week by week, with its trend; with --budget each rule, too, and no exit code 4");
  app.add_option("--weeks", command->weeks, "The last N weeks")
      ->type_name("N")
      ->check(within(1, 520))
      ->capture_default_str();
  app.add_option("--command", command->command, "Only of sync, upsert or package")
      ->type_name("NAME")
      ->check(one_of({"sync", "upsert", "package"}))
      ->configurable(false);
  app.add_option("--statistic", command->statistic, "p50, p95, p99, mean, max, sum or count")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(one_of({"p50", "p95", "p99", "mean", "max", "sum", "count"}));
  add_format(app, command);
  complete_options(app);
}

void add_html(CLI::App& outer, Invocation& chosen) {
  const auto command = std::make_shared<ReportHtmlCommand>();
  CLI::App& app = add_within(outer, chosen, command, "html", "All of it as one page that needs no network");
  app.add_option("--out", command->out, "The page")->type_name("FILE")->required();
  app.add_option("--weeks", command->weeks, "The last N weeks")
      ->type_name("N")
      ->check(within(1, 520))
      ->capture_default_str();
  app.add_option("--language", command->language, "ko or en: what it opens with; the reader can change it")
      ->type_name("ko|en")
      ->capture_default_str()
      ->check(one_of({"ko", "en"}));
  complete_options(app);
}

}  // namespace

void add_report(CLI::App& root, Invocation& chosen) {
  const auto common = std::make_shared<CommonOptions>();
  CLI::App& app = *root.add_subcommand("report", "Show, judge and compare what the runs measured");
  app.require_subcommand(1);
  app.footer(std::string(kReportFooter) + kExitCodes);
  add_run(app, chosen, false, "show", "One run: its stages and counters");
  add_run(app, chosen, true, "check", "One run against a budget");
  add_compare(app, chosen);
  add_history(app, chosen);
  add_html(app, chosen);
  add_common(app, *common, Reports::none);
  complete_options(app);
  app.callback([common, &app, &chosen] {  // after that of the command within
    std::visit(
        [&](auto& command) {
          if constexpr (requires { command.common; }) command.common = *common;
          if constexpr (requires { std::decay_t<decltype(command)>::Format::json; })
            settle_format(app, command.format, command.common);
        },
        chosen);
  });
}

}  // namespace pipeline::cli
