#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/database.h"

#include "finding.h"
#include "package_command.h"
#include "sync_command.h"

namespace pipeline::cli {

// What `check --repair` does about what hands do wrong: the log of another database, what a broken restore, a killed
// run or a half copy has left, posts whose folder was moved, two databases for one store. A line for each thing that
// was mended, or that only a hand can mend. Nothing of the shop's products is changed, and what may still be wanted is
// kept under another name. Throws TryLaterError when a run is at work.
[[nodiscard]] Findings mend(store::Database& database, const SyncCommand& sync, const PackageCommand& package,
                            const Clock& clock);

}  // namespace pipeline::cli
