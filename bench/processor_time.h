#pragma once

#include <ctime>

namespace pipeline::bench {

// Processor time of this process, all threads, in seconds. Steadier than the time on the wall: what other processes
// take of the machine is not in it.
[[nodiscard]] inline double processor_seconds() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <typename Task>
[[nodiscard]] double processor_seconds_of(Task task) {
  const double began = processor_seconds();
  task();
  return processor_seconds() - began;
}

}  // namespace pipeline::bench
