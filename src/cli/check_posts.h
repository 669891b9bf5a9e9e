#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/database.h"

#include "finding.h"
#include "package_command.h"
#include "session.h"

namespace pipeline::cli {

// The part of `check` that looks at the posts: which are found, and which would be rejected, as `post check` says it.
// Looks at as many as there is time for; nothing when no folder of posts is named.
[[nodiscard]] Findings check_posts(const PackageCommand& package, store::Store& store, bool with_products,
                                   Session& session, SteadyTime until);

}  // namespace pipeline::cli
