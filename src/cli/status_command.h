#pragma once

#include "command.h"

namespace pipeline::cli {

// `status`: what there is to do today, and how it stands.
struct StatusCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  bool checks = false;  // something to do is exit code 3
  bool brief = false;
};

}  // namespace pipeline::cli
