#pragma once

#include "command.h"

#include <filesystem>
#include <string>

namespace pipeline::cli {

// `post forget`: a post that is gone for good gives its pictures back, and its packages are removed.
struct PostForgetCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::string content_id;
  std::filesystem::path out = "packages";
  bool yes = false;
};

}  // namespace pipeline::cli
