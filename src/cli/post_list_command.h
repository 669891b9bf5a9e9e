#pragma once

#include "command.h"

namespace pipeline::cli {

// `post list`: all posts, how they stand and what they wait for.
struct PostListCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;
};

}  // namespace pipeline::cli
