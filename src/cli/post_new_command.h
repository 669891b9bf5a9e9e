#pragma once

#include "command.h"

#include <filesystem>
#include <string>

namespace pipeline::cli {

// `post new`: the folder of a post about a product, to be filled.
struct PostNewCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path folder;
  std::string sku;
};

}  // namespace pipeline::cli
