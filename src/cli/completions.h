#pragma once

#include "command_text.h"

#include <string>

// Completion scripts: commands, options, and the values that can be known. Content ids and the names of stores are
// asked of the program itself, with the database and the config file that stand on the line (completion_values.h).
namespace pipeline::cli {

[[nodiscard]] std::string bash_completion(const ProgramText& program);
[[nodiscard]] std::string zsh_completion(const ProgramText& program);
[[nodiscard]] std::string fish_completion(const ProgramText& program);

}  // namespace pipeline::cli
