#pragma once

#include "pipeline/package/package.h"

#include "command.h"

#include <filesystem>
#include <vector>

namespace pipeline::cli {

// `post check`: all that `package` would say of posts, and nothing is built.
struct PostCheckCommand final : Command {
  PostCheckCommand();
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::vector<std::filesystem::path> posts;
  package::Options options;
  bool needs_database = false;  // it was named
};

}  // namespace pipeline::cli
