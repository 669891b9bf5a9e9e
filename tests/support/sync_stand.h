#pragma once

#include "pipeline/base/clock.h"

#include "emulator/emulator.h"
#include "emulator/server.h"
#include "support/process.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::test {

// The real executable against an emulator over real HTTP, with a database and a metrics folder of its own.
class SyncStand {
 public:
  explicit SyncStand(emulator::Options options = {});

  // Credentials, base URL, database and metrics folder are given; `arguments` follow `sync --json`.
  [[nodiscard]] Process start(const std::vector<std::string>& arguments = {}) const;
  [[nodiscard]] Outcome sync(const std::vector<std::string>& arguments = {}) const;
  // The same, and the summary that came back. Throws what came on standard error when there is none.
  [[nodiscard]] nlohmann::json summary(const std::vector<std::string>& arguments = {}) const;

  // A query's rows, all values as text, NULL as `NULL`. A connection of its own each time.
  [[nodiscard]] std::vector<std::vector<std::string>> query(const std::string& sql) const;
  // The first value of the first row.
  [[nodiscard]] std::string value(const std::string& sql) const;
  void execute(const std::string& sql) const;

  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  [[nodiscard]] std::filesystem::path metrics() const { return folder_ / "metrics"; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }
  [[nodiscard]] emulator::Emulator& store() noexcept { return emulator_; }
  [[nodiscard]] std::string base_url() const { return server_.base_url(); }

  // The environment the executable gets; change it before a run.
  Process::Environment environment;

 private:
  TempDir folder_;
  SystemClock clock_;
  emulator::Emulator emulator_;
  emulator::Server server_;
};

// The executable's path, for other commands.
[[nodiscard]] std::string pipeline_binary();

}  // namespace pipeline::test
