#pragma once

#include "command.h"

#include <string>

namespace pipeline::cli {

// `post keep`: a sentence is meant as it is, whatever the catalogue says.
struct PostKeepCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::string content_id;
  std::string sentence;
};

}  // namespace pipeline::cli
