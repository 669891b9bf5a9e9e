#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/record.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::metrics {

// What a timed stage worked on; the third common tag, trace_id, belongs to the run. Empty where one does not apply. The
// text is copied when the stage ends, so it has to live that long.
struct Tags {
  std::string_view content_id{};
  std::string_view sku{};
};

// Names are [a-zA-Z_][a-zA-Z0-9_]*, values any UTF-8; `command` and `quantile` belong to the reports. A label set is a
// series for good: values come from a small closed set, never from an id.
using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Handles are small values: take them once, outside the loop, and keep them. They live as long as their Metrics.
class Timer {
 private:
  friend class Metrics;
  explicit Timer(std::uint32_t id) noexcept : id_(id) {}
  std::uint32_t id_;
};

class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_->fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_->load(std::memory_order_relaxed); }

 private:
  friend class Metrics;
  explicit Counter(std::atomic<std::uint64_t>* value) noexcept : value_(value) {}
  std::atomic<std::uint64_t>* value_;
};

class Gauge {
 public:
  void set(double value) noexcept { value_->store(value, std::memory_order_relaxed); }

 private:
  friend class Metrics;
  explicit Gauge(std::atomic<double>* value) noexcept : value_(value) {}
  std::atomic<double>* value_;
};

class ScopedTimer;

// All measurements of one run. record() may be called from any thread at any time: under a lock it copies the sample to
// a block, and allocates nothing; a full block goes to an unlinked temporary file, so memory does not grow with the
// number of samples. Borrows the clock.
//
// record() never fails. Samples it could not keep (disk full) are told by a counter of their own among the rows,
// `metrics_samples_lost_total{reason=...}`, which is there only then; the timers' rows lack them.
class Metrics {
 public:
  // `scratch` is the folder of the temporary file, 24 bytes and its tags a sample; on a tmpfs that would be memory
  // again. Throws Error when the file can't be made.
  explicit Metrics(const Clock& clock, const std::filesystem::path& scratch = std::filesystem::temp_directory_path());
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same name and labels give the same metric. Names end in their unit: _seconds, _bytes, _total, _ratio. Throws
  // Error for a name or label that breaks the rules above, and for a name that is another kind of metric already.
  [[nodiscard]] Timer timer(std::string_view name, Labels labels = {});
  [[nodiscard]] Counter counter(std::string_view name, Labels labels = {});
  [[nodiscard]] Gauge gauge(std::string_view name, Labels labels = {});

  void record(Timer timer, SteadyTime started, Nanoseconds took, Tags tags = {}) noexcept;
  // Times the scope it lives in.
  [[nodiscard]] ScopedTimer time(Timer timer, Tags tags = {}) noexcept;

  // The run's rows, in the order of registration: exact quantiles over every sample, by select_ranks() in memory that
  // does not depend on their number. Call it when the threads that record have been joined or are known to be idle.
  // Throws Error when the temporary file can't be read.
  [[nodiscard]] std::vector<Row> rows() const;
  // Every sample once, in no particular order, with the same caveat. `visit` sees views that end with the call.
  void for_each_sample(const std::function<void(const Sample&)>& visit) const;

  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }

 private:
  struct State;
  const Clock& clock_;
  std::unique_ptr<State> state_;
};

class ScopedTimer {
 public:
  ScopedTimer(Metrics& metrics, Timer timer, Tags tags) noexcept
      : metrics_(metrics), timer_(timer), tags_(tags), started_(metrics.clock().now()) {}
  ~ScopedTimer() { metrics_.record(timer_, started_, metrics_.clock().now() - started_, tags_); }
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;

 private:
  Metrics& metrics_;
  Timer timer_;
  Tags tags_;
  SteadyTime started_;
};

inline ScopedTimer Metrics::time(Timer timer, Tags tags) noexcept {
  return ScopedTimer(*this, timer, tags);
}

}  // namespace pipeline::metrics
