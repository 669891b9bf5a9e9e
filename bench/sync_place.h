#pragma once

#include "store_process.h"
#include "support/process.h"
#include "support/sync_stand.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::bench {

// From the first start to the last end of a run's samples of one metric. Seconds since 1970, to the millisecond.
struct Span {
  double from = 0;
  double to = 0;
  std::int64_t count = 0;
  [[nodiscard]] double seconds() const noexcept { return to - from; }
};

// What a run of the executable told of itself.
struct SyncRun {
  nlohmann::json summary;
  std::filesystem::path metrics_csv;
  double peak_megabytes = 0;
  double processor_seconds = 0;  // of the whole process

  // A cell of the run's CSV; summed over the labels. 0 when the stage never ran.
  [[nodiscard]] double metric(const std::string& name, const std::string& column = "sum") const;
  [[nodiscard]] Span span(const std::string& metric) const;
  // How long each of its samples took, in seconds.
  [[nodiscard]] std::vector<double> samples(const std::string& metric) const;
  [[nodiscard]] std::int64_t count(const char* key) const { return summary.at(key).get<std::int64_t>(); }
};

// A database and a metrics folder in a place of their own, and the executable's sync from a store into them.
class SyncPlace {
 public:
  explicit SyncPlace(const StoreProcess& store, std::string executable = test::pipeline_binary())
      : store_(store), executable_(std::move(executable)) {}

  [[nodiscard]] test::Process start(const std::vector<std::string>& arguments = {}) const;
  // Throws, with what the executable said, unless the run ended with 0.
  [[nodiscard]] static SyncRun finish(test::Process& process);
  SyncRun sync(const std::vector<std::string>& arguments = {}) const;

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
