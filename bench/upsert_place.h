#pragma once

#include "pipeline_run.h"
#include "support/temp_dir.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::bench {

// A folder with one database at a time, and the executable's upsert into it.
class UpsertPlace {
 public:
  explicit UpsertPlace(std::string executable = test::pipeline_binary()) : executable_(std::move(executable)) {}

  // Throws, with what the executable said, unless the run ended with 0.
  Run upsert(const std::filesystem::path& file, const std::vector<std::string>& arguments = {}) const;

  [[nodiscard]] const std::string& executable() const noexcept { return executable_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  // The same path, and nothing there any more.
  [[nodiscard]] std::filesystem::path new_db() const;
  [[nodiscard]] std::filesystem::path wal() const { return folder_ / "store.db-wal"; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }

 private:
  const std::string executable_;
  test::TempDir folder_;
};

}  // namespace pipeline::bench
