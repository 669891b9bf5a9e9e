#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {

// Where a database is, as --db names it.
struct Address {
  std::vector<std::pair<std::string, std::string>> options;  // of libpq
  std::string schema = "pipeline";                           // the store's: ?schema=NAME
  std::string name;                                          // for people and logs

  [[nodiscard]] Address with_schema(std::string_view other) const;
  [[nodiscard]] bool says(std::string_view option) const noexcept;
};

// Throws UsageError naming what is wrong. A password is refused: it would stand in the list of processes, in the table
// of runs and in backups of the config; libpq reads ~/.pgpass, PGPASSFILE and service files.
[[nodiscard]] Address parse_address(const std::string& db);

}  // namespace pipeline::store::postgres
