#include "option_kit.h"

#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/trace_id.h"

#include "command_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace pipeline::cli {
namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0;
}

// What is wrong with a time; empty: nothing.
std::string time_fault(const std::string& text, Zero zero) {
  if (parse_duration(text) || (zero == Zero::allowed && (text == "0" || text == "0s"))) return {};
  if (is_number(text)) return fmt::format("{0}: has no unit: say {0}s, {0}m or {0}h", text);
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
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && value >= low && value <= high;
      },
      fmt::format("not a whole number from {} to {}", low, high));
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& value) {
        if (std::ranges::find(words, value) != words.end()) return std::string();
        return fmt::format("{}: none of {}{}", value, fmt::join(words, ", "), did_you_mean(value, words));
      },
      "");
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& description, Zero zero) {
  return app
      .add_option_function<std::string>(
          name,
          [set = std::move(set)](const std::string& text) { set(parse_duration(text).value_or(Nanoseconds::zero())); },
          description)
      ->type_name("TIME")
      ->check(CLI::Validator([zero](const std::string& text) { return time_fault(text, zero); }, ""));
}

void add_lock_wait(CLI::App& app, Nanoseconds& target) {
  add_duration(
      app, "--lock-wait", [&target](Nanoseconds time) { target = time; },
      "How long another process that writes to the database is waited for")
      ->default_str("30s");
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

void add_common(CLI::App& app, CommonOptions& common, Reports reports) {
  static const std::map<std::string, log::Level> kLevels{{"trace", log::Level::trace}, {"debug", log::Level::debug},
                                                         {"info", log::Level::info},   {"warn", log::Level::warn},
                                                         {"error", log::Level::error}, {"off", log::Level::off}};

  app.add_option("--config", "TOML file; every option may stand there")
      ->type_name("FILE")
      ->configurable(false)
      ->group(kCommonGroup);
  app.add_option("--db", common.db, "Database")->type_name("FILE")->capture_default_str()->group(kCommonGroup);
  app.add_option("--metrics-dir", common.metrics_dir, "Where the CSV reports go")
      ->type_name("DIR")
      ->capture_default_str()
      ->group(kCommonGroup);
  app.add_option("--budget", common.budget, "Judge what was measured by the rules of this file; over them: exit code 4")
      ->type_name("FILE")
      ->group(kCommonGroup);
  app.add_option("--budget-set", common.budget_sets, "Only the budget's rules of these sets, e.g. plan")
      ->type_name("LIST")
      ->delimiter(',')
      ->group(kCommonGroup);
  if (reports == Reports::written) {
    app.add_flag("--no-samples", common.no_samples, "Leave out the CSV with one row per timed stage")
        ->group(kCommonGroup);
    app.add_option("--prometheus", common.prometheus, "Also write the metrics for node exporter's textfile collector")
        ->type_name("FILE")
        ->group(kCommonGroup);
  }
  app.add_flag("--json", common.json, "One JSON summary on standard output, nothing else there")->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log-level", [&common](const std::string& name) { common.log_level = kLevels.at(name); },
         "trace, debug, info, warn, error or off")
      ->type_name("LEVEL")
      ->default_str("info")
      ->check(one_of({"trace", "debug", "info", "warn", "error", "off"}))
      ->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log-format",
         [&common](const std::string& name) {
           common.log_format = name == "json" ? log::Format::json : log::Format::text;
         },
         "text or json; logs go to standard error")
      ->type_name("FORMAT")
      ->default_str("text")
      ->check(one_of({"text", "json"}))
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

void leave_out_unfit(const CLI::App& app, CommonOptions& common) {
  if (common.budget.empty() && !is_on_command_line(app, "--budget-set")) common.budget_sets.clear();
}

}  // namespace pipeline::cli
