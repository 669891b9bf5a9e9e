#pragma once

#include "command.h"
#include "command_line.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What options are when the command line does not say it: the config file, and over it the environment.
namespace pipeline::cli {

// Makes the file's values the defaults of the options they name: top-level keys those every command has, a table those
// of the command it is named after. Keys are option names without the dashes. Notes what it gave. Throws UsageError
// naming file, line and key. Tables [store.NAME] are looked at, and no more: whose values count says apply_store.
void apply_config_file(const std::string& path, CLI::App& app, Settings& settings);

// The keys that a store's table has beside the options that commands share.
[[nodiscard]] std::vector<std::string> own_store_keys();

// The stores of a config file, in their order.
[[nodiscard]] std::vector<std::string> store_names(const std::string& path);

// What a store's table says, by its keys; not the tables within it.
[[nodiscard]] std::map<std::string, std::string> store_values(const std::string& path, const std::string& store);

// Makes what the file says of a store the defaults of the options, over those that are there. Returns its credentials
// by the names of their variables in the environment. Throws UsageError as above, and when there is no such store.
[[nodiscard]] std::map<std::string, std::string> apply_store(const std::string& path, const std::string& store,
                                                             CLI::App& app, Settings& settings);

// Whether the file says it in a command's table. A file that can't be read says nothing.
[[nodiscard]] bool config_says(const std::string& path, std::string_view command, std::string_view key) noexcept;

// The value of a key at the file's top, as far as it can be read: for who has to speak of a call that is wrong.
[[nodiscard]] std::optional<std::string> config_value(const std::string& path, const std::string& key) noexcept;

// The options' names in the environment: PIPELINE_DB for `--db`, PIPELINE_SYNC_WORKERS for `sync --workers`. Those of a
// command within another carry the outer one's name. Makes the variables' values the defaults of the options they name,
// and notes them. Throws UsageError naming the variable.
void apply_environment(const Environment& environment, CLI::App& root, Settings& settings);

// Each option that has a variable, of a command and those within it.
void for_each_variable(CLI::App& command, const std::function<void(CLI::Option&, const std::string& variable)>& use);

// Of these names of variables those that begin like the program's own and are none, each with what it may have been
// meant to be. `PIPELINE_` belongs to nobody, so they are told, not refused.
[[nodiscard]] std::vector<std::string> stray_variables(const std::vector<std::string>& names, CLI::App& root);

}  // namespace pipeline::cli
