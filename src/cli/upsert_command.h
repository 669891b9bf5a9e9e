#pragma once

#include "pipeline/upsert/upsert.h"

#include "command.h"

#include <optional>
#include <string>
#include <vector>

namespace pipeline::cli {

// `upsert`: product files into the database.
struct UpsertCommand final : Command {
  UpsertCommand() { options.source = "MY_STORE"; }
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  // What stands between the fields of a CSV, by its word or itself; absent: it is none that can.
  [[nodiscard]] static std::optional<char> separator_of(const std::string& text);

  std::vector<std::string> inputs;  // `-`: standard input
  upsert::Options options;
  bool key_index = true;  // false: a new database without one, for the bench to compare with
};

}  // namespace pipeline::cli
