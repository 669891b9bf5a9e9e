#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// What the commands' options are made of; one file pair a command (sync_options, …) puts them together.
namespace pipeline::cli {

// The foot of every help.
inline constexpr const char* kExitCodes =
    "Exit codes: 0 all done; 1 failed; 2 wrong usage, config or credentials; 3 done in part, each failure named;\n"
    "4 done, but over budget or regressed; 75 try later: lock held, quota used up, or server down;\n"
    "130/143 interrupted, what had arrived is saved.\n";

// `--name TYPE   description [default]`: CLI11's own form puts types, bounds, defaults and environment in one knot.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

// A validator that fails with the message, unless `holds`.
[[nodiscard]] CLI::Validator check(std::function<bool(const std::string&)> holds, const std::string& message);

// A whole number within bounds; CLI11's own Range would clutter the help with its type.
[[nodiscard]] CLI::Validator within(std::int64_t low, std::int64_t high);

// One of these words. Another is refused with all there are, and the one it may have been meant to be.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

// An option that takes a time like 30s, 10m or 8h; a number alone is refused with what it may mean. Zero is no time,
// unless it is allowed to mean `not at all`: then `0` needs no unit.
enum class Zero { refused, allowed };
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& description, Zero zero = Zero::refused);

// An option that takes one of a few words, each with what it means.
template <typename T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& target, std::map<std::string, T> words,
                        const std::string& standard, const std::string& description) {
  std::vector<std::string> names;
  for (const auto& [word, meaning] : words) names.push_back(word);
  const auto known = std::make_shared<std::map<std::string, T>>(std::move(words));
  return app
      .add_option_function<std::string>(
          name, [&target, known](const std::string& word) { target = known->at(word); }, description)
      ->type_name(fmt::format("{}", fmt::join(names, "|")))
      ->default_str(standard)
      ->check(one_of(std::move(names)));
}

// How many products a run may mark as removed at most.
void add_max_removals(CLI::App& app, store::RemovalLimit& target);

// How long another process that holds the database is waited for.
void add_lock_wait(CLI::App& app, Nanoseconds& target);

// The options every command has, under kCommonGroup; those that say where a run's figures go of commands that write
// them.
enum class Reports { written, none };
void add_common(CLI::App& app, CommonOptions& common, Reports reports = Reports::written);

// Called when a command has all its options: of an option that is given twice the last one counts, so that a script's
// own arguments can be overridden behind it.
void complete_options(CLI::App& app);

// Makes the value what the option has when the command line does not say it, as though it had been asked for: it is
// checked, and no longer missed. Throws UsageError with what is wrong with the value alone: the caller says where it
// stands.
void set_default(CLI::Option& option, const std::string& value);

// Whether the option was named on the command line, of the command or one within it. Rules between options judge what
// stands there: a value of the config file or the environment that does not fit the call is for another use of the
// command, and counts for nothing.
[[nodiscard]] bool is_on_command_line(const CLI::App& app, const std::string& option);

// The common options that do not fit the call.
void leave_out_unfit(const CLI::App& app, CommonOptions& common);

// --format json and --json are one and the same. Where they differ the one on the command line counts: a `json = true`
// of the config file gives way to `--format csv`.
template <typename Format>
void settle_format(const CLI::App& app, Format& format, CommonOptions& common) {
  if (is_on_command_line(app, "--format") && !is_on_command_line(app, "--json")) common.json = false;
  if (common.json) format = Format::json;
  common.json = format == Format::json;
}

}  // namespace pipeline::cli
