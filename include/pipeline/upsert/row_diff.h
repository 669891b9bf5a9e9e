#pragma once

#include "pipeline/catalogue/product.h"

namespace pipeline::upsert {

// Finds what changed between two rows of one product beyond the columns: OPTION below a key that speaks of options,
// CONTENT for the rest. Of a body before that is no row of a product file (a detail of the Commerce API, say) only
// those members count that the row has as well. Nothing when the one after is no row. For one thread.
[[nodiscard]] catalogue::BodyDiff make_row_diff();

}  // namespace pipeline::upsert
