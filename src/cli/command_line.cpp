#include "pipeline/cli/command_line.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/naver/api.h"

#include "command_groups.h"
#include "config_file.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

namespace pipeline::cli {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 all done; 1 failed; 2 wrong usage, config or credentials; 3 done in part, each failure named;\n"
    "75 another run holds the lock, or the quota is used up; 130/143 interrupted, what had arrived is saved.\n";

constexpr const char* kSyncFooter =
    "Credentials: NAVER_COMMERCE_CLIENT_ID, NAVER_COMMERCE_CLIENT_SECRET and, for another seller's store,\n"
    "NAVER_COMMERCE_ACCOUNT_ID; or the same names with _FILE behind, naming a file. Never an option.\n"
    "Environment: each option may stand as PIPELINE_SYNC_<OPTION>, the common ones as PIPELINE_<OPTION>.\n\n";

constexpr std::array kStatuses{"WAIT",       "SALE",  "OUTOFSTOCK",  "UNADMISSION", "REJECTION",
                               "SUSPENSION", "CLOSE", "PROHIBITION", "DELETE"};

std::string environment_name(const std::string& command, const std::string& option) {
  std::string name = "PIPELINE_" + (command.empty() ? "" : command + "_") + option;
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// The environment's names, which CLI11 then reads by itself; and of an option that is given twice the last one counts,
// so that a script's own arguments can be overridden behind it.
void complete_options(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_expected_max() == 1) option->take_last();
    const auto names = option->get_lnames();
    if (names.empty() || !option->get_configurable()) continue;
    option->envname(environment_name(option->get_group() == kCommonGroup ? "" : app.get_name(), names.front()));
  }
}

// A validator that fails with the message, unless `holds`.
CLI::Validator check(std::function<bool(const std::string&)> holds, const std::string& message) {
  return CLI::Validator(
      [holds = std::move(holds), message](const std::string& value) {
        return holds(value) ? std::string() : fmt::format("{}: {}", value, message);
      },
      "");
}

// A whole number within bounds; CLI11's own Range would clutter the help with its type.
CLI::Validator within(std::int64_t low, std::int64_t high) {
  return check(
      [low, high](const std::string& text) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && value >= low && value <= high;
      },
      fmt::format("not a whole number from {} to {}", low, high));
}

// `--name TYPE   description (default)`: CLI11's own form puts types, bounds, defaults and environment in one knot.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string value = option->get_default_str();
    return option->get_description() + (value.empty() || option->get_type_size() == 0 ? "" : " [" + value + "]");
  }
};

void set_duration(Nanoseconds& target, const std::string& text) {
  target = *parse_duration(text);
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

void add_sync(CLI::App& root, SyncCommand& sync) {
  CLI::App& app = *root.add_subcommand("sync", "Bring MY_STORE's catalogue into the database");
  app.footer(std::string(kSyncFooter) + kExitCodes);
  app.add_option("--base-url", sync.base_url, "Commerce API")->type_name("URL")->capture_default_str();
  app.add_option("--page-size", sync.page_size, "Products a list page, at most 500")
      ->type_name("N")
      ->check(within(1, 500))
      ->capture_default_str();
  app.add_option("--workers", sync.workers, "Requests in flight at most")
      ->type_name("N")
      ->check(within(1, 256))
      ->capture_default_str();
  app.add_option("--batch-size", sync.batch_size, "Products a transaction")
      ->type_name("N")
      ->check(within(1, 100'000))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--rate",
         [&sync](const std::string& v) { sync.rate = v == "auto" ? std::nullopt : std::optional(std::stod(v)); },
         "Requests a second and endpoint at most; auto: as the server's headers allow")
      ->type_name("auto|N")
      ->default_str("auto")
      ->check(check(
          [](const std::string& v) {
            double rate = 0;
            const auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), rate);
            return v == "auto" || (error == std::errc() && end == v.data() + v.size() && rate > 0 && rate <= 1e6);
          },
          "auto, or a number above 0"));
  app.add_flag("--full,--no-incremental", sync.full, "Fetch every detail, changed or not");
  app.add_option("--modified-since", sync.modified_since, "Only products modified since the day (KST)")
      ->type_name("YYYY-MM-DD")
      ->check(check(is_date, "not a day like 2026-04-01"));
  app.add_option("--status", sync.statuses, "Only products of these states, e.g. SALE,OUTOFSTOCK")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(
          check([](const auto& v) { return std::ranges::find(kStatuses, v) != kStatuses.end(); }, "no product status"));
  app.add_option("--max-detail-age", sync.max_detail_age_days,
                 "Fetch each unchanged detail again within so many days, a share each night; 0: never")
      ->type_name("DAYS")
      ->check(within(0, 3650))
      ->capture_default_str();
  app.add_option("--limit", sync.limit, "Only the first N listed products")
      ->type_name("N")
      ->check(within(1, 1'000'000'000));
  app.add_flag("--dry-run", sync.dry_run, "Say what would be fetched and changed; write nothing");
  const auto duration =
      check([](const auto& v) { return parse_duration(v).has_value(); }, "not a time like 30s, 10m or 8h");
  app.add_option_function<std::string>(
         "--timeout", [&sync](const std::string& v) { set_duration(sync.timeout, v); }, "Time for one request")
      ->type_name("TIME")
      ->default_str("30s")
      ->check(duration);
  app.add_option("--max-retries", sync.max_retries, "Repeats of one request at most")
      ->type_name("N")
      ->check(within(0, 100))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--deadline", [&sync](const std::string& v) { set_duration(sync.deadline.emplace(), v); },
         "Send nothing after so long; the next run goes on from there")
      ->type_name("TIME")
      ->check(duration);
  add_common(app, sync.common);
  complete_options(app);
}

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
  SyncCommand sync;
  sync.base_url = naver::kBaseUrl;
  CLI::App app("Brings a SmartStore catalogue into a local database, notices what changed, and measures every stage.",
               "pipeline");
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(32);
  app.set_version_flag("--version", "pipeline " PIPELINE_VERSION);
  app.footer(std::string("`pipeline COMMAND --help` shows a command's options.\n\n") + kExitCodes);
  add_sync(app, sync);
  try {
    if (const auto config = find_config(argc, argv, environment)) apply_config_file(*config, app);
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return TextAnswer{chosen.empty() ? app.help() : chosen.front()->help(app.get_name())};
  } catch (const CLI::CallForVersion& version) {
    return TextAnswer{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& e) {
    const auto unknown = app.remaining();
    const auto problem = app.get_subcommands().empty() && !unknown.empty()
                             ? fmt::format("there is no command {}", unknown.front())
                             : std::string(e.what());
    throw UsageError(fmt::format("{}\n`pipeline --help` shows the usage", problem));
  }
  return sync;
}

}  // namespace pipeline::cli
