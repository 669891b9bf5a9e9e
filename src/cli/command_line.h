#pragma once

#include "pipeline/base/log.h"

#include "command.h"
#include "command_text.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The command line, parsed and checked; nothing is opened here but the config file.
namespace pipeline::cli {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct Call {
  const Entry* entry = nullptr;      // none: the text (help or version) is all that was asked for
  std::unique_ptr<Command> command;  // with its options
  std::string text;
};

// Command line over environment (PIPELINE_SYNC_WORKERS for `sync --workers`, PIPELINE_DB for `--db`) over the TOML file
// of --config (or PIPELINE_CONFIG): common options at its top, a command's own in its table. Throws UsageError that
// names the option, or the file and the key.
[[nodiscard]] Call parse_command_line(int argc, const char* const* argv, const Environment& environment);

// All commands and options, for manual pages and completions.
[[nodiscard]] ProgramText program_text();

// Of the names of variables those that begin like the program's own (PIPELINE_) and that no option has, each as a
// sentence with what it may have been meant to be.
[[nodiscard]] std::vector<std::string> stray_variables(const std::vector<std::string>& names);

// How a call that can't be understood wants to be told so, as far as that can be made out: a script that asked for JSON
// gets JSON.
struct Manner {
  bool json = false;
  log::Format log_format = log::Format::text;
  std::string command;   // as it is called, `queue list`; empty: none
  std::string trace_id;  // empty: not given
  std::string language = "auto";
};
[[nodiscard]] Manner manner_of(int argc, const char* const* argv, const Environment& environment);

}  // namespace pipeline::cli
