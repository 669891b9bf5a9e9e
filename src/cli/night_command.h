#pragma once

#include "command.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::cli {

// `night`: what has to be done each night, one after the other, as the config file has it.
struct NightCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path page;  // empty: none is made
};

}  // namespace pipeline::cli
