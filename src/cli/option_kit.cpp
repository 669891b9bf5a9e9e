#include "option_kit.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/trace_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

// CLI11 keeps no words with an option; the name of its check, which is never shown, has them.
constexpr std::string_view kOneOf = "one of ";

// What is wrong with a time; empty: nothing.
std::string time_fault(const std::string& text, Zero zero) {
  if (parse_duration(text) || (zero == Zero::allowed && (text == "0" || text == "0s"))) return {};
  if (parse_number<double>(text).value_or(0) > 0)
    return fmt::format("{0}: has no unit: say {0}s, {0}m, {0}h or {0}d", text);
  return fmt::format("{}: not a time like 30s, 10m or 8h{}", text, zero == Zero::allowed ? ", nor 0" : "");
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
        const auto value = parse_number<std::int64_t>(text);
        return value && *value >= low && *value <= high;
      },
      fmt::format("not a whole number from {} to {}", low, high));
}

CLI::Validator not_empty() {
  return CLI::Validator([](const std::string& text) { return std::string(text.empty() ? "is empty" : ""); }, "");
}

CLI::Validator one_of(std::vector<std::string> words) {
  std::string name = fmt::format("{}{}", kOneOf, fmt::join(words, "|"));
  CLI::Validator validator(
      [words = std::move(words)](const std::string& value) {
        if (std::ranges::find(words, value) != words.end()) return std::string();
        return fmt::format("{}: none of {}{}", value, fmt::join(words, ", "), did_you_mean(value, words));
      },
      "");
  validator.name(std::move(name));
  return validator;
}

std::vector<std::string> words_of(CLI::Option& option) {
  try {
    const std::string name = option.get_validator()->get_name();
    if (!name.starts_with(kOneOf)) return {};
    return CLI::detail::split(name.substr(kOneOf.size()), '|');
  } catch (const CLI::OptionNotFound&) {  // it has no check
    return {};
  }
}

CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                      std::vector<std::string> words, const std::string& description) {
  CLI::Option* option = app.add_option(name, target, description)->type_name("LIST")->delimiter(',');
  return words.empty() ? option : option->check(one_of(std::move(words)));
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& standard, const std::string& description, Zero zero) {
  return app
      .add_option_function<std::string>(
          name,
          [set = std::move(set)](const std::string& text) { set(parse_duration(text).value_or(Nanoseconds::zero())); },
          description)
      ->type_name("TIME")
      ->default_str(standard)
      ->check(CLI::Validator([zero](const std::string& text) { return time_fault(text, zero); }, ""));
}

CLI::Option* add_format(CLI::App& app, Format& format, std::map<std::string, Format> more) {
  more.insert({{"table", Format::table}, {"csv", Format::csv}, {"json", Format::json}});
  return add_choice<Format>(app, "--format", format, std::move(more), "table",
                            "How it is shown; --json says the same as --format json");
}

void add_max_removals(CLI::App& app, store::RemovalLimit& target) {
  app.add_option_function<std::string>(
         "--max-removals", [&target](const std::string& text) { target = *store::parse_removal_limit(text); },
         "More products than this not found any more: none is marked as removed; a share is of those known")
      ->type_name("N|P%")
      ->default_str("10%, at least 10")
      ->check(check([](const auto& v) { return store::parse_removal_limit(v).has_value(); },
                    "neither a number of products like 25 nor a share like 5%"));
}

void add_shared(CLI::App& app, CommonOptions& common, unsigned traits) {
  const auto has = [&](unsigned trait) { return (traits & trait) != 0; };
  if (has(kDryRun)) app.add_flag("--dry-run", common.dry_run, "Say what would be done; write nothing");
  if (has(kLockWait))
    add_duration(app, "--lock-wait", common.lock_wait, "30s",
                 "How long another process that writes to the database is waited for");
  const auto add = [](CLI::Option* option) { return option->group(kCommonGroup); };
  const auto flag = [&](const char* name, bool& target, const char* description) {
    add(app.add_flag(name, target, description));
  };
  if (has(kAll)) {
    app.add_flag("--all", common.all_stores, "Each store of the config file")->configurable(false);
    add_number(app, "--parallel", common.parallel, 1, 64, "With --all: stores at one time");
  }
  add(app.add_option("--config", common.config, "TOML file; every option may stand there")
          ->type_name("FILE")
          ->configurable(false));
  add(add_value(app, "--store", "NAME", common.store, "A store of the config file, by its table [store.NAME]")
          ->configurable(false));
  add(add_value(app, "--db", "FILE", common.db, "Database"));
  add(add_value(app, "--metrics-dir", "DIR", common.metrics_dir, "Where the CSV reports go"));
  if (has(kBudget)) {
    add(add_value(app, "--budget", "FILE", common.budget,
                  "Judge what was measured by the rules of this file; over them: exit code 4"));
    add(add_list(app, "--budget-set", common.budget_sets, {}, "Only the budget's rules of these sets, e.g. plan"));
  }
  if (has(kReports)) {
    flag("--no-samples", common.no_samples, "Leave out the CSV with one row per timed stage");
    flag("--stats", common.stats, "All stages in the table, also those below 1% of the run");
    add(add_value(app, "--prometheus", "FILE", common.prometheus,
                  "Also write the metrics for node exporter's textfile collector"));
  }
  if (has(kNotify)) {
    add(app.add_option("--notify", common.notify,
                       "Where a run's end is told when it matters: https://…, slack:https://… (discord, telegram, "
                       "ntfy), exec:PROGRAM, file:PATH with one of these in it; again and again")
            ->type_name("WHERE")
            ->delimiter(kBetweenRules));
    flag("--notify-always", common.notify_always, "Tell of every run's end, also of good ones");
  }
  flag("--json", common.json, "One JSON summary on standard output, nothing else there");
  add(add_choice<std::string>(app, "--language", common.language, {{"auto", "auto"}, {"ko", "ko"}, {"en", "en"}},
                              "auto", "In which language people are spoken to; auto: the locale's"));
  add(add_choice<log::Level>(app, "--log-level", common.log_level,
                             {{"trace", log::Level::trace},
                              {"debug", log::Level::debug},
                              {"info", log::Level::info},
                              {"warn", log::Level::warn},
                              {"error", log::Level::error},
                              {"off", log::Level::off}},
                             "info", "trace, debug, info, warn, error or off")
          ->type_name("LEVEL"));
  add(add_choice<log::Format>(app, "--log-format", common.log_format,
                              {{"text", log::Format::text}, {"json", log::Format::json}}, "text",
                              "text or json; logs go to standard error")
          ->type_name("FORMAT"));
  flag("--quiet", common.quiet, "No table, no progress; warnings and errors only");
  if (has(kProgress)) flag("--no-progress", common.no_progress, "No progress line");
  add(add_value(app, "--trace-id", "ID", common.trace_id,
                "W3C trace id of this run, 32 hex digits; made when not given")
          ->check(check([](const auto& v) { return is_trace_id(v); },
                        "a trace id has 32 lower-case hex digits, not all zero")));
}

bool has_shared(unsigned traits, const std::string& option) {
  CLI::App app;
  CommonOptions common;
  add_shared(app, common, traits);
  return app.get_option_no_throw(option) != nullptr;
}

void complete_options(CLI::App& app) {
  for (CLI::Option* option : app.get_options())
    if (option->get_expected_max() == 1) option->take_last();
}

void set_default(CLI::Option& option, const std::string& value) {
  try {
    option.run_callback_for_default()->default_val(value)->required(false);
  } catch (const CLI::Error& e) {
    const bool is_flag = option.get_expected_min() == 0;
    if (is_flag) throw UsageError(value + ": neither true nor false");
    const std::string said = e.what();
    const std::string name = option.get_name() + ": ";
    throw UsageError(said.starts_with(name) ? said.substr(name.size()) : said);
  }
}

bool is_on_command_line(const CLI::App& app, const std::string& option) {
  const CLI::Option* found = app.get_option_no_throw(option);
  if (found != nullptr && found->count() > 0) return true;
  return std::ranges::any_of(app.get_subcommands(),
                             [&](const CLI::App* within) { return is_on_command_line(*within, option); });
}

void settle_format(const CLI::App& line, Format& format, CommonOptions& common) {
  if (is_on_command_line(line, "--format") && !is_on_command_line(line, "--json")) common.json = false;
  if (common.json) format = Format::json;
  common.json = format == Format::json;
}

std::optional<Nanoseconds> parse_duration(const std::string& text) {
  static const std::map<std::string_view, double> kUnits{
      {"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  const auto unit = kUnits.find(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
  if (unit == kUnits.end()) return std::nullopt;
  const double seconds = value * unit->second;
  constexpr double kShortest = 1e-9;
  constexpr double kLongest = 3660.0 * 86'400;
  if (!(seconds >= kShortest && seconds <= kLongest)) return std::nullopt;
  return std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace pipeline::cli
