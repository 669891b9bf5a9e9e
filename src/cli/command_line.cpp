#include "pipeline/cli/command_line.h"

#include "pipeline/base/error.h"

#include "config_file.h"
#include "option_kit.h"
#include "package_options.h"
#include "queue_options.h"
#include "report_options.h"
#include "sync_options.h"
#include "upsert_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>

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
  return environment("PIPELINE_CONFIG");
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

std::string problem_of(const CLI::App& root, const CLI::ParseError& error) {
  const auto [app, path] = innermost(root);
  const bool has_commands = !app.get_subcommands([](const CLI::App*) { return true; }).empty();
  const auto unknown = app.remaining();
  if (!has_commands || unknown.empty()) return error.what();
  return fmt::format("there is no command {}{}", path.empty() ? "" : app.get_name() + " ", unknown.front());
}

}  // namespace

std::optional<Nanoseconds> parse_duration(const std::string& text) {
  static const std::map<std::string_view, double> kUnits{{"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
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
  CLI::App app(
      "Brings a SmartStore catalogue into a local database, notices what changed, builds the posts' upload packages,\n"
      "and measures every stage.",
      "pipeline");
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(32);
  app.set_version_flag("--version", "pipeline " PIPELINE_VERSION);
  app.footer(std::string("`pipeline COMMAND --help` shows a command's options.\n\n") + kExitCodes);
  add_sync(app, chosen);
  add_upsert(app, chosen);
  add_package(app, chosen);
  add_queue(app, chosen);
  add_report(app, chosen);
  try {
    if (const auto config = find_config(argc, argv, environment)) apply_config_file(*config, app);
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto [named, path] = innermost(app);
    return TextAnswer{named.help(path)};
  } catch (const CLI::CallForVersion& version) {
    return TextAnswer{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& e) {
    throw UsageError(fmt::format("{}\n`pipeline --help` shows the usage", problem_of(app, e)));
  }
  return chosen;
}

}  // namespace pipeline::cli
