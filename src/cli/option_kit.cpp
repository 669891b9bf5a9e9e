#include "option_kit.h"

#include "pipeline/base/trace_id.h"

#include "command_groups.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <map>
#include <utility>

namespace pipeline::cli {
namespace {

std::string environment_name(const std::string& command, const std::string& option) {
  std::string name = "PIPELINE_" + (command.empty() ? "" : command + "_") + option;
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  const std::string value = option->get_default_str();
  return option->get_description() + (value.empty() || option->get_type_size() == 0 ? "" : " [" + value + "]");
}

CLI::Validator check(std::function<bool(const std::string&)> holds, const std::string& message) {
  return CLI::Validator(
      [holds = std::move(holds), message](const std::string& value) {
        return holds(value) ? std::string() : fmt::format("{}: {}", value, message);
      },
      "");
}

CLI::Validator within(std::int64_t low, std::int64_t high) {
  return check(
      [low, high](const std::string& text) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && value >= low && value <= high;
      },
      fmt::format("not a whole number from {} to {}", low, high));
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& description) {
  return app
      .add_option_function<std::string>(
          name, [set = std::move(set)](const std::string& text) { set(*parse_duration(text)); }, description)
      ->type_name("TIME")
      ->check(check([](const auto& v) { return parse_duration(v).has_value(); }, "not a time like 30s, 10m or 8h"));
}

void add_lock_wait(CLI::App& app, Nanoseconds& target) {
  add_duration(
      app, "--lock-wait", [&target](Nanoseconds time) { target = time; },
      "How long another process that writes to the database is waited for")
      ->default_str("30s");
}

void add_common(CLI::App& app, CommonOptions& common) {
  static const std::map<std::string, log::Level> kLevels{{"trace", log::Level::trace}, {"debug", log::Level::debug},
                                                         {"info", log::Level::info},   {"warn", log::Level::warn},
                                                         {"error", log::Level::error}, {"off", log::Level::off}};
  static const std::map<std::string, log::Format> kFormats{{"text", log::Format::text}, {"json", log::Format::json}};

  app.add_option("--config", "TOML file; every option may stand there")
      ->type_name("FILE")
      ->configurable(false)
      ->group(kCommonGroup);
  app.add_option("--db", common.db, "Database")->type_name("FILE")->capture_default_str()->group(kCommonGroup);
  app.add_option("--metrics-dir", common.metrics_dir, "Where the CSV reports go")
      ->type_name("DIR")
      ->capture_default_str()
      ->group(kCommonGroup);
  app.add_flag("--no-samples", common.no_samples, "Leave out the CSV with a row a timed stage")->group(kCommonGroup);
  app.add_option("--budget", common.budget, "Judge what was measured by the rules of this file; over them: exit code 4")
      ->type_name("FILE")
      ->group(kCommonGroup);
  app.add_option("--budget-set", common.budget_sets, "Only the budget's rules of these sets, e.g. plan")
      ->type_name("LIST")
      ->delimiter(',')
      ->group(kCommonGroup);
  app.add_option("--prometheus", common.prometheus, "Also write the metrics for node exporter's textfile collector")
      ->type_name("FILE")
      ->group(kCommonGroup);
  app.add_flag("--json", common.json, "One JSON summary on standard output, nothing else there")->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log-level", [&common](const std::string& name) { common.log_level = kLevels.at(name); },
         "trace, debug, info, warn, error or off")
      ->type_name("LEVEL")
      ->default_str("info")
      ->check(check([](const auto& v) { return kLevels.contains(v); }, "no log level"))
      ->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log-format", [&common](const std::string& name) { common.log_format = kFormats.at(name); },
         "text or json; logs go to standard error")
      ->type_name("FORMAT")
      ->default_str("text")
      ->check(check([](const auto& v) { return kFormats.contains(v); }, "text or json"))
      ->group(kCommonGroup);
  app.add_flag("--quiet", common.quiet, "No table, no progress; warnings and errors only")->group(kCommonGroup);
  app.add_flag("--no-progress", common.no_progress, "No progress line")->group(kCommonGroup);
  app.add_option("--trace-id", common.trace_id, "W3C trace id of this run, 32 hex digits; made when not given")
      ->type_name("ID")
      ->check(
          check([](const auto& v) { return is_trace_id(v); }, "a trace id has 32 lower-case hex digits, not all zero"))
      ->group(kCommonGroup);
}

void complete_options(CLI::App& app) {
  const CLI::App* command = &app;  // whose name the variables carry; that of the outer one for a command within it
  while (command->get_parent()->get_parent() != nullptr) command = command->get_parent();
  for (CLI::Option* option : app.get_options()) {
    if (option->get_expected_max() == 1) option->take_last();
    const auto names = option->get_lnames();
    if (names.empty() || !option->get_configurable()) continue;
    option->envname(environment_name(option->get_group() == kCommonGroup ? "" : command->get_name(), names.front()));
  }
}

}  // namespace pipeline::cli
