#pragma once

#include "command.h"

namespace pipeline::cli {

// `post schema`: the JSON Schema of post.json.
struct PostSchemaCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;
};

}  // namespace pipeline::cli
