#pragma once

#include "command.h"

#include <filesystem>
#include <vector>

namespace pipeline::cli {

// `report compare`. Each side: CSVs of runs, and folders of them.
struct ReportCompareCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::vector<std::filesystem::path> base;
  std::vector<std::filesystem::path> fresh;
  double max_regression = 0.15;
  Format format = Format::table;
};

}  // namespace pipeline::cli
