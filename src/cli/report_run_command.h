#pragma once

#include "command.h"

#include <filesystem>

namespace pipeline::cli {

// `report show` and `report check`: one run. The latter needs a budget.
struct ReportRunCommand final : Command {
  explicit ReportRunCommand(bool check) : judges(check) {}
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  bool judges;
  std::filesystem::path csv;
};

}  // namespace pipeline::cli
