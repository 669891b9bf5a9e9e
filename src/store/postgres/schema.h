#pragma once

#include <cstdint>

namespace pipeline::store::postgres {

class Connection;

// That of docs/database.md: both engines count alike. PostgreSQL came in with 5.
inline constexpr int kSchemaVersion = 5;

// 0: there is no store in this schema yet. Throws UsageError when the schema holds another program's tables, Error when
// it is of a newer version.
[[nodiscard]] std::int64_t schema_version(Connection& connection);

// Throws UsageError when the database can't keep each letter: what its encoding lacks would be refused in mid-run.
void check_encoding(Connection& connection);

// Makes the schema without its tables, unless it is there: a user who has one made for it needs no right to make
// others.
void make_schema(Connection& connection);

// Makes the store, or brings it up to date, in one transaction.
void migrate(Connection& connection);

// In bytes, with its indexes; 0 when there is none.
[[nodiscard]] std::uint64_t size_of_store(Connection& connection);

}  // namespace pipeline::store::postgres
