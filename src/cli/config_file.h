#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace pipeline::cli {

// Makes the file's values the defaults of the options they name: top-level keys those every command has, a table those
// of the command it is named after. Keys are option names without the dashes. Throws UsageError naming file, line and
// key.
void apply_config_file(const std::string& path, CLI::App& app);

// The value of a key at the file's top, as far as it can be read: for who has to speak of a call that is wrong.
[[nodiscard]] std::optional<std::string> config_value(const std::string& path, const std::string& key) noexcept;

}  // namespace pipeline::cli
