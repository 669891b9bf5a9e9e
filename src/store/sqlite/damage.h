#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/inspection.h"

#include <optional>

struct sqlite3;

namespace pipeline::store::sqlite {

class Connection;

// All pages, by SQLite's quick_check, for so long at most. Throws Error for what keeps it from looking.
[[nodiscard]] Damage look_through(const Connection& connection, Nanoseconds time);

// The same, absent where it could not be looked at.
[[nodiscard]] std::optional<Damage> look_through(sqlite3* handle, Nanoseconds time);

}  // namespace pipeline::store::sqlite
