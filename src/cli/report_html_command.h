#pragma once

#include "command.h"

#include <filesystem>
#include <string>

namespace pipeline::cli {

// `report html`: what there is to do, and all that was measured, as one page.
struct ReportHtmlCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path out;
  int weeks = 13;
  bool opens = false;
};

}  // namespace pipeline::cli
