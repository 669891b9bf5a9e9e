#pragma once

#include "pipeline_run.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// A PostgreSQL server on this machine, with one store at a time, and the executable's upsert into it. It waits for its
// disk, as one that matters does. Throws std::runtime_error when there is none to be had. Ends with its owner.
class PostgresPlace {
 public:
  PostgresPlace();
  ~PostgresPlace();
  PostgresPlace(const PostgresPlace&) = delete;
  PostgresPlace& operator=(const PostgresPlace&) = delete;

  // Throws, with what the executable said, unless the run ended with 0.
  [[nodiscard]] Run upsert(const std::filesystem::path& file) const;

  // The server's, and the store's, as --db takes it.
  [[nodiscard]] const std::string& server() const noexcept { return server_; }
  [[nodiscard]] std::string db() const;
  [[nodiscard]] std::string schema() const;
  // From here on another store, of which nothing is there yet.
  void begin_new_store() { ++store_; }

 private:
  const std::filesystem::path folder_;
  std::string server_;
  int store_ = 0;
};

}  // namespace pipeline::bench
