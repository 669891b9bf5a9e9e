#pragma once

#include "pipeline/base/clock.h"

#include <filesystem>

// A write-ahead log that lies beside a database and is another's: somebody has put a copy in that one's place. SQLite
// would take it for the copy's own.
namespace pipeline::store::sqlite {

// Whether the file alone is a whole database. False also when that takes longer than `time`.
[[nodiscard]] bool is_whole_without_log(const std::filesystem::path& path, Nanoseconds time);

// Renames the log, and drops its index. Throws Error naming it.
std::filesystem::path put_log_away(const std::filesystem::path& path, WallTime now);

}  // namespace pipeline::store::sqlite
