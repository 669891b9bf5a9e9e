#pragma once

#include "pipeline/cli/command_line.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

// What the commands' options are made of; one file pair a command (sync_options, …) puts them together.
namespace pipeline::cli {

// The foot of every help.
inline constexpr const char* kExitCodes =
    "Exit codes: 0 all done; 1 failed; 2 wrong usage, config or credentials; 3 done in part, each failure named;\n"
    "4 done, but over budget or regressed; 75 another run holds the lock, or the quota is used up;\n"
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

// An option that takes a time like 30s, 10m or 8h.
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Nanoseconds)> set,
                          const std::string& description);

// An option that takes one of a few words, each with what it means.
template <typename T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& target, std::map<std::string, T> words,
                        const std::string& standard, const std::string& description) {
  std::string type;
  for (const auto& [word, meaning] : words) type += (type.empty() ? "" : "|") + word;
  const auto known = std::make_shared<std::map<std::string, T>>(std::move(words));
  return app
      .add_option_function<std::string>(
          name, [&target, known](const std::string& word) { target = known->at(word); }, description)
      ->type_name(type)
      ->default_str(standard)
      ->check(check([known](const auto& word) { return known->contains(word); }, "none of " + type));
}

// How long another process that holds the database is waited for.
void add_lock_wait(CLI::App& app, Nanoseconds& target);

// The options every command has, under kCommonGroup.
void add_common(CLI::App& app, CommonOptions& common);

// Called when a command has all its options. Gives them the environment's names, which CLI11 then reads by itself; and
// of an option that is given twice the last one counts, so that a script's own arguments can be overridden behind it.
void complete_options(CLI::App& app);

}  // namespace pipeline::cli
