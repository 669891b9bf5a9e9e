#pragma once

namespace pipeline::store::sqlite {

class Connection;

inline constexpr int kSchemaVersion = 5;
// PRAGMA application_id of our files: "PIPE".
inline constexpr int kApplicationId = 0x50495045;

// Brings the open database to kSchemaVersion in one transaction; docs/database.md describes the tables. A database that
// is up to date is only read. Throws UsageError for one of another program, Error for one that is newer than this
// program, or older while the connection is read-only.
void migrate(Connection& connection);

}  // namespace pipeline::store::sqlite
