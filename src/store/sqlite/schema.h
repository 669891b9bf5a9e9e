#pragma once

#include <cstdint>

namespace pipeline::store::sqlite {

class Connection;

inline constexpr int kSchemaVersion = 5;
// PRAGMA application_id of our files: "PIPE".
inline constexpr int kApplicationId = 0x50495045;

// The version of a database that is ours; 0 of one that is empty. Throws as migrate() does for one of another program
// or of a newer version.
[[nodiscard]] std::int64_t schema_version(Connection& connection);

// Brings the open database to kSchemaVersion in one transaction; docs/database.md describes the tables. A database that
// is up to date is only read. Throws UsageError for one of another program, Error for one that is newer than this
// program, or older while the connection is read-only.
void migrate(Connection& connection);

}  // namespace pipeline::store::sqlite
