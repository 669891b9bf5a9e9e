#pragma once

#include "command.h"

#include <string>

namespace pipeline::cli {

// `report history`: the stages week by week.
struct ReportHistoryCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  int weeks = 8;
  std::string command;            // empty: all
  std::string statistic = "p95";  // p50, p95, p99, mean, max, sum or count
  Format format = Format::table;
};

}  // namespace pipeline::cli
