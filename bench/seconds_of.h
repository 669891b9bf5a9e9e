#pragma once

#include "pipeline/base/clock.h"

namespace pipeline::bench {

// How long the task takes.
template <typename Task>
[[nodiscard]] double seconds_of(Task task) {
  const SystemClock clock;
  const SteadyTime began = clock.now();
  task();
  return to_seconds(clock.now() - began);
}

}  // namespace pipeline::bench
