#pragma once

#include "command.h"

#include <string>

namespace pipeline::cli {

// `copy`: a store into another database, of the same engine or another, all of it, and compared afterwards.
struct CopyCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::string from;
  std::string to;
};

}  // namespace pipeline::cli
