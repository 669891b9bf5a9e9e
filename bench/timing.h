#pragma once

#include <chrono>
#include <ctime>

namespace pipeline::bench {

// How long the task takes, in seconds on the wall.
template <typename Task>
[[nodiscard]] double seconds_of(Task task) {
  const auto began = std::chrono::steady_clock::now();
  task();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// Adds up pieces of time on the wall.
class Stopwatch {
 public:
  void start() { since_ = std::chrono::steady_clock::now(); }
  void stop() { total_ += std::chrono::steady_clock::now() - since_; }
  [[nodiscard]] double seconds() const { return total_.count(); }

 private:
  std::chrono::steady_clock::time_point since_;
  std::chrono::duration<double> total_{};
};

// Processor time of this process, all threads, in seconds. Steadier than the time on the wall: what other processes
// take of the machine is not in it.
[[nodiscard]] inline double processor_seconds() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// What one of so many runs of the task takes of it.
template <typename Task>
[[nodiscard]] double processor_seconds_of(Task task, int runs = 1) {
  const double began = processor_seconds();
  for (int i = 0; i < runs; ++i) task();
  return (processor_seconds() - began) / runs;
}

}  // namespace pipeline::bench
