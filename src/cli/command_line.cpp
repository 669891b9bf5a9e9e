#include "pipeline/cli/command_line.h"

#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/base/version.h"

#include "config_file.h"
#include "environment.h"
#include "option_kit.h"
#include "package_options.h"
#include "queue_options.h"
#include "report_options.h"
#include "sync_options.h"
#include "upsert_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

namespace pipeline::cli {
namespace {

// The config file has to be known before the rest is parsed, since its values are the options' defaults.
std::optional<std::string> find_config(int argc, const char* const* argv, const Environment& environment) {
  constexpr std::string_view kName = "--config";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == kName && i + 1 < argc) return argv[i + 1];
    if (argument.starts_with("--config=")) return std::string(argument.substr(kName.size() + 1));
  }
  auto named = environment("PIPELINE_CONFIG");
  return named && !named->empty() ? std::move(named) : std::nullopt;
}

// The command that was named, or the innermost of them, with the names that lead to it.
struct Named {
  const CLI::App& app;
  std::string path;  // of its parents
};
Named innermost(const CLI::App& app, const std::string& path = {}) {
  const auto named = app.get_subcommands();
  if (named.empty()) return {app, path};
  return innermost(*named.front(), path.empty() ? app.get_name() : path + " " + app.get_name());
}

// The options of a command, and of those it is within, since they may stand behind its name too.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options({}))
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string unknown_option(const CLI::App& root, const CLI::App& app, const std::string& path,
                           const std::string& argument) {
  const std::string option = argument.substr(0, argument.find('='));
  const auto known = options_of(app);
  if (std::ranges::find(known, option) != known.end())
    return fmt::format("{0} stands behind the command: pipeline {1} {0}", option, path);
  const std::string subject = path.empty() ? "pipeline" : path;
  const std::string meant = did_you_mean("--" + option.substr(option.find_first_not_of('-')), known);
  if (!meant.empty()) return fmt::format("{} has no option {}{}", subject, option, meant);
  for (const CLI::App* command : commands_of(root))
    if (command->get_option_no_throw(option) != nullptr)
      return fmt::format("{0} has no option {1}: {2} has, as in pipeline {2} {1}", subject, option,
                         command->get_name());
  return fmt::format("{} has no option {}", subject, option);
}

// What was not understood, and what it may have been meant to be.
std::string unknown_argument(const CLI::App& root, const CLI::App& app, const std::string& path,
                             const std::string& argument) {
  if (argument.size() > 1 && argument.find_first_not_of('-') != argument.npos && argument.starts_with('-'))
    return unknown_option(root, app, path, argument);
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  if (!names.empty())
    return fmt::format("there is no command {}{}{}{}", path, path.empty() ? "" : " ", argument,
                       did_you_mean(argument, names));
  return fmt::format("{}: {} is one argument too many", path, argument);
}

// Which command it may be, of one that is made of several.
std::string missing_command(const CLI::App& app, const std::string& path) {
  std::string names;
  const auto commands = commands_of(app);
  for (const CLI::App* command : commands)
    names += (names.empty() ? "" : command == commands.back() ? " or " : ", ") + command->get_name();
  return fmt::format("{}{}a command is missing: {}", path, path.empty() ? "" : ": ", names);
}

// What CLI11 found, in words of ours where its own are not plain.
std::string what_is_wrong(const CLI::App& app, const std::string& path, const CLI::ParseError& error) {
  const bool lacks_command = !commands_of(app).empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  return lacks_command ? missing_command(app, path) : error.what();
}

// `path`: as the command is called, without the program's name: `queue list`.
UsageError wrong_call(const CLI::App& root, const CLI::ParseError& error) {
  const auto [app, parents] = innermost(root);
  const std::string called = parents.empty() ? app.get_name() : parents + " " + app.get_name();
  const std::string path = parents.empty() ? "" : called.substr(root.get_name().size() + 1);
  const auto unknown = root.remaining(true);
  return UsageError(fmt::format(
      "{}\n`{} --help` shows the usage",
      unknown.empty() ? what_is_wrong(app, path, error) : unknown_argument(root, app, path, unknown.front()), called));
}

// CLI11 puts two empty lines between some parts, and one at the end.
std::string help_of(const CLI::App& app, const std::string& path) {
  std::string help = app.help(path);
  for (std::size_t at = 0; (at = help.find("\n\n\n", at)) != help.npos;) help.erase(at, 1);
  while (help.ends_with("\n\n")) help.pop_back();
  return help;
}

// All commands with all their options; the one that is called goes into `chosen`.
std::unique_ptr<CLI::App> make_app(Invocation& chosen) {
  auto app = std::make_unique<CLI::App>(
      "Brings a SmartStore catalogue into a local database, notices what changed, builds the posts' upload packages,\n"
      "and measures every stage.",
      "pipeline");
  app->require_subcommand(1);
  app->formatter(std::make_shared<HelpFormatter>());
  app->get_formatter()->column_width(32);
  app->set_version_flag("--version", fmt::format("pipeline {}", program_version()));
  app->footer(std::string("`pipeline COMMAND --help` shows a command's options.\n\n") + kExitCodes);
  add_sync(*app, chosen);
  add_upsert(*app, chosen);
  add_package(*app, chosen);
  add_queue(*app, chosen);
  add_report(*app, chosen);
  return app;
}

}  // namespace

std::optional<Nanoseconds> parse_duration(const std::string& text) {
  static const std::map<std::string_view, double> kUnits{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  const auto unit = kUnits.find(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
  if (unit == kUnits.end()) return std::nullopt;
  const double seconds = value * unit->second;
  constexpr double kShortest = 1e-9;
  constexpr double kLongest = 366.0 * 86'400;
  if (!(seconds >= kShortest && seconds <= kLongest)) return std::nullopt;
  return std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(seconds));
}

Invocation parse_command_line(int argc, const char* const* argv, const Environment& environment) {
  Invocation chosen = TextAnswer{};
  const auto app = make_app(chosen);
  try {
    if (const auto config = find_config(argc, argv, environment)) apply_config_file(*config, *app);
    apply_environment(environment, *app);
    app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto [named, path] = innermost(*app);
    return TextAnswer{help_of(named, path)};
  } catch (const CLI::CallForVersion& version) {
    return TextAnswer{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& e) {
    throw wrong_call(*app, e);
  }
  std::visit(
      [&](auto& command) {
        if constexpr (requires { command.common; }) leave_out_unfit(*app, command.common);
      },
      chosen);
  return chosen;
}

std::vector<std::string> stray_variables(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  Invocation none = TextAnswer{};
  return stray_variables(names, *make_app(none));
}

Manner manner_of(int argc, const char* const* argv, const Environment& environment) {
  Manner manner;
  const auto config = find_config(argc, argv, environment);
  const auto default_of = [&](const std::string& key, const std::string& variable) {
    const auto value = environment(variable);
    return value && !value->empty() ? value : config ? config_value(*config, key) : std::nullopt;
  };
  const auto is_true = [](const std::optional<std::string>& text) {
    return text && (*text == "true" || *text == "1" || *text == "on" || *text == "yes");
  };
  manner.json = is_true(default_of("json", "PIPELINE_JSON"));
  bool log_json = default_of("log-format", "PIPELINE_LOG_FORMAT") == "json";
  Invocation none = TextAnswer{};
  const auto app = make_app(none);
  const CLI::App* command = app.get();
  for (int i = 1; i < argc && argv[i] != std::string_view("--"); ++i) {
    const std::string_view argument = argv[i];
    const auto value = [&](std::string_view option) -> std::optional<std::string> {
      if (argument == option && i + 1 < argc) return argv[i + 1];
      if (argument.starts_with(option) && argument.substr(option.size()).starts_with('='))
        return std::string(argument.substr(option.size() + 1));
      return std::nullopt;
    };
    if (argument == "--json") manner.json = true;
    if (argument.starts_with("--json=")) manner.json = is_true(value("--json"));
    if (value("--format") == "json") manner.json = true;
    if (const auto format = value("--log-format")) log_json = format == "json";
    if (const auto id = value("--trace-id"); id && is_trace_id(*id)) manner.trace_id = *id;
    for (const CLI::App* within : commands_of(*command)) {
      if (within->get_name() != argument) continue;
      command = within;
      manner.command += (manner.command.empty() ? "" : " ") + command->get_name();
      break;
    }
  }
  manner.log_format = log_json ? log::Format::json : log::Format::text;
  return manner;
}

}  // namespace pipeline::cli
