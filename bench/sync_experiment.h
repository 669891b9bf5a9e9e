#pragma once

#include "experiment.h"

namespace pipeline::bench {

// What `pipeline sync` makes of the limits it meets: the store's buckets, the wire, the database.
[[nodiscard]] Experiment sync_experiment();

}  // namespace pipeline::bench
