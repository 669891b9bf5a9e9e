#pragma once

#include "command.h"

#include <filesystem>

namespace pipeline::cli {

// `restore`: a backup becomes the database; what was there is kept.
struct RestoreCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path file;
  bool force = false;
};

}  // namespace pipeline::cli
