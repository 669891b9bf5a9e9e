#pragma once

#include "experiment.h"

namespace pipeline::bench {

// What `pipeline package` makes of the limits it meets: the disk, the hash, the decoders, the cores.
[[nodiscard]] Experiment package_experiment();

}  // namespace pipeline::bench
