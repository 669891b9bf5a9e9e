#pragma once

#include "command.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace pipeline::cli {

// `backup`: the database as it is at one moment, checked and compressed, while others go on with it.
struct BackupCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::filesystem::path target;        // a file, or a folder
  std::optional<std::int64_t> keep{};  // backups of this database in the folder; none: all

 private:
  bool asks_to_keep_ = false;  // on the command line
};

}  // namespace pipeline::cli
