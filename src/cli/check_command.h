#pragma once

#include "pipeline/base/clock.h"

#include "command.h"
#include "finding.h"
#include "night_command.h"
#include "package_command.h"
#include "sync_command.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace pipeline::cli {

// `check`: the first night, tried in ten seconds; nothing is written, unless it is to repair.
struct CheckCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void look_around(const Settings& settings, const Others& others) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  // What the night will run, with the values that the config file and the environment give it; and over them those of
  // this command line.
  std::unique_ptr<SyncCommand> sync;
  std::unique_ptr<PackageCommand> package;
  std::unique_ptr<NightCommand> night;
  Settings settings;
  bool repair = false;

 private:
  [[nodiscard]] Findings look(Session& session) const;

  std::optional<std::string> base_url_;
  std::optional<Nanoseconds> timeout_;
  std::optional<std::filesystem::path> posts_;
  std::optional<std::filesystem::path> out_;
  std::optional<std::filesystem::path> prometheus_;
  std::optional<std::filesystem::path> budget_;
};

}  // namespace pipeline::cli
