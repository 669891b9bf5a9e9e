#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/database.h"

#include <vector>

namespace pipeline::status {

// The runs that began since then, the latest first. One that has noted no end while no run holds the database was
// killed, or its machine stopped: it is KILLED here, before the next run notes it so. Works on a store of this database
// that was opened for reading.
[[nodiscard]] std::vector<store::RunRow> read_runs(const store::Database& database, store::Store& store,
                                                   const Clock& clock, WallTime since);

}  // namespace pipeline::status
