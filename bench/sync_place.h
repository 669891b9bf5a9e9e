#pragma once

#include "pipeline_run.h"
#include "store_process.h"
#include "support/temp_dir.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::bench {

// A database and a metrics folder in a place of their own, and the executable's sync from a store into them.
class SyncPlace {
 public:
  explicit SyncPlace(const StoreProcess& store, std::string executable = test::pipeline_binary())
      : store_(store), executable_(std::move(executable)) {}

  [[nodiscard]] PipelineProcess start(const std::vector<std::string>& arguments = {}) const;
  // Throws, with what the executable said, unless the run ended with 0.
  Run sync(const std::vector<std::string>& arguments = {}) const;

  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  [[nodiscard]] std::filesystem::path copy() const { return folder_ / "copy.db"; }  // for a copy of it
  // Statements that give no row.
  void execute(const char* sql) const;
  // The first column of each row, as text; `before` runs first (to attach another database, say).
  [[nodiscard]] std::vector<std::string> query(const std::string& sql, const char* before = "") const;

 private:
  const StoreProcess& store_;
  const std::string executable_;
  test::TempDir folder_;
};

}  // namespace pipeline::bench
