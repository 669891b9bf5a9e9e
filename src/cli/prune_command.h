#pragma once

#include "command.h"

#include <cstdint>
#include <filesystem>

namespace pipeline::cli {

// `prune`: what is old goes, so that nothing grows with the years.
struct PruneCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  Nanoseconds keep = std::chrono::days(90);
  std::int64_t keep_runs = 1;
  std::filesystem::path out = "packages";
  bool yes = false;
};

}  // namespace pipeline::cli
