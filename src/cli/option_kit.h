#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/removal_limit.h"

#include "command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the commands' options are made of.
namespace pipeline::cli {

// The help group of the options that stand at the top of the config file.
inline constexpr const char* kCommonGroup = "Common options";

// `--name TYPE   description [default]`: CLI11's own form puts types, bounds, defaults and environment in one knot.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

// A validator that fails with the message, unless `holds`.
[[nodiscard]] CLI::Validator check(std::function<bool(const std::string&)> holds, const std::string& message);
[[nodiscard]] CLI::Validator not_empty();

// A whole number within bounds; CLI11's own Range would clutter the help with its type.
[[nodiscard]] CLI::Validator within(std::int64_t low, std::int64_t high);

// One of these words. Another is refused with all there are, and the one it may have been meant to be.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);
// Those of an option that takes no other; else none.
[[nodiscard]] std::vector<std::string> words_of(CLI::Option& option);

// An option with a value, shown as of this type; what the target holds already is its default, and shown, too.
template <typename T>
CLI::Option* add_value(CLI::App& app, const std::string& name, const std::string& type, T& target,
                       const std::string& description) {
  CLI::Option* option = app.add_option(name, target, description)->type_name(type);
  if constexpr (requires { target.has_value(); }) return option;
  return option->capture_default_str();
}

// A whole number within bounds.
template <typename T>
CLI::Option* add_number(CLI::App& app, const std::string& name, T& target, std::int64_t low, std::int64_t high,
                        const std::string& description) {
  return add_value(app, name, "N", target, description)->check(within(low, high));
}

// Values with commas between them. `words`: all there are; none: any.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                      std::vector<std::string> words, const std::string& description);

// An option that takes a time like 30s, 10m or 8h; a number alone is refused with what it may mean. Zero is no time,
// unless it is allowed to mean `not at all`: then `0` needs no unit. `standard`: the default as it is shown.
enum class Zero { refused, allowed };
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& standard, const std::string& description, Zero zero = Zero::refused);
template <typename T>
CLI::Option* add_duration(CLI::App& app, const std::string& name, T& target, const std::string& standard,
                          const std::string& description, Zero zero = Zero::refused) {
  return add_duration(app, name, std::function<void(Nanoseconds)>([&target](Nanoseconds time) { target = time; }),
                      standard, description, zero);
}

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

// Between the rules of an option that takes several, where they stand in one text; the config file has them as a table.
inline constexpr char kBetweenRules = '\n';

// --format table|csv|json, and these.
CLI::Option* add_format(CLI::App& app, Format& format, std::map<std::string, Format> more = {});

// How many products a run may mark as removed at most.
void add_max_removals(CLI::App& app, store::RemovalLimit& target);

// The shared options that go with these traits (command.h); those of every command are in kCommonGroup.
void add_shared(CLI::App& app, CommonOptions& common, unsigned traits);

// Whether this is one of them.
[[nodiscard]] bool has_shared(unsigned traits, const std::string& option);

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

// --format json and --json are one and the same. Where they differ the one on the command line counts: a `json = true`
// of the config file gives way to `--format csv`.
void settle_format(const CLI::App& line, Format& format, CommonOptions& common);

// `90s`, `1.5m`, `8h`, `500ms`: a time above zero. Absent when it is none.
[[nodiscard]] std::optional<Nanoseconds> parse_duration(const std::string& text);

}  // namespace pipeline::cli
