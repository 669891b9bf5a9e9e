#pragma once

#include "command.h"

#include <string>
#include <vector>

namespace pipeline::cli {

// `post published`: a hand has uploaded what was built last.
struct PostPublishedCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::vector<std::string> content_ids;
};

}  // namespace pipeline::cli
