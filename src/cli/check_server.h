#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/database.h"

#include "finding.h"

// The part of `check` that looks at a database on a server.
namespace pipeline::cli {

// Whether it answers, the store is ours, of which version, and may be written; whether there is room for the night's
// connections, and the clocks agree; who is at work. Where the server can't be asked, that is the only finding.
[[nodiscard]] Findings check_server(const store::Database& database, const Clock& clock);

}  // namespace pipeline::cli
