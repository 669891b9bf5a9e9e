#pragma once

#include "command.h"

#include <filesystem>
#include <string>

namespace pipeline::cli {

// `generate`: manual pages and completions, for who packs the program; and the values that completions ask for.
struct GenerateCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path man;          // empty: none
  std::filesystem::path completions;  // the same
  std::string values;                 // the same
};

}  // namespace pipeline::cli
