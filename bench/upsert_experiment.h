#pragma once

#include "experiment.h"

namespace pipeline::bench {

// What `pipeline upsert` makes of the limits it meets: the statements alone, a bare look-up loop, the disk.
[[nodiscard]] Experiment upsert_experiment();

}  // namespace pipeline::bench
