#pragma once

#include "command.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::cli {

// `queue list`, `claim`, `done`, `fail`, `retry`: one step on the refresh queue. Unlike a run it writes no reports and
// no row of `runs`: a claim a second would bury the nights. Entries that are refused are named on standard error.
struct QueueCommand final : Command {
  enum class Action { list, claim, done, fail, retry };

  explicit QueueCommand(Action which) : action(which) {}
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  Action action;
  Format format = Format::table;  // of list and claim

  // list: what is empty lets all through
  std::vector<std::string> statuses{"PENDING", "CLAIMED", "FAILED"};
  std::vector<std::string> reasons;
  std::string sku;
  std::string claimed_by;
  std::optional<std::int64_t> list_limit;

  // claim, done, fail
  std::string worker;
  std::int64_t claim_limit = 1;
  Nanoseconds lease = std::chrono::minutes(15);
  Nanoseconds wait{0};  // for an entry, where none is there
  int max_attempts = 3;

  // done, fail, retry
  std::vector<std::int64_t> ids;
  bool ids_from_input = false;  // and more on standard input
  std::string failure;
  bool retry_all = false;
};

}  // namespace pipeline::cli
