#pragma once

#include "pipeline/store/product.h"

namespace pipeline::upsert {

// Finds what changed between two rows of one product beyond the columns: OPTION below a key that speaks of options,
// CONTENT for the rest. Nothing when either is no row of a product file (a detail of the Commerce API, say). For one
// thread.
[[nodiscard]] store::BodyDiff make_row_diff();

}  // namespace pipeline::upsert
