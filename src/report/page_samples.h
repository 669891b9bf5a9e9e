#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::report::page {

// One stage on the run's time line. Times are seconds from the begin of the run.
struct Lane {
  std::string metric;
  std::uint64_t count = 0;
  double first = 0, last = 0;   // its first start and last end
  double seconds = 0;           // over all samples
  std::vector<double> at_once;  // how many were under way, on average, in each slot
};

// What took longest in a stage.
struct Slow {
  std::string content_id;
  std::string sku;
  double seconds = 0;
};
struct SlowStage {
  std::string metric;
  std::uint64_t count = 0;
  double seconds = 0;
  std::vector<Slow> top;  // slowest first
};
inline constexpr std::size_t kSlowest = 10;

struct RunSamples {
  enum class State { read, absent, unreadable };
  State state = State::absent;
  std::string trouble;  // of an unreadable file
  WallTime begin;
  double seconds = 0;           // from the first start to the last end
  double slot = 0;              // seconds
  std::vector<Lane> lanes;      // as they began
  std::vector<SlowStage> slow;  // stages that name a product or post, most time first
  std::uint64_t damaged = 0;
};
inline constexpr std::int64_t kMostSlots = 600;
inline constexpr double kLeastSlot = 0.002;  // starts are written in whole milliseconds

// Reads the file twice, first for its extent: memory does not grow with the number of samples. The sample of the whole
// run (`whole`) has no lane: it would only say the extent again.
[[nodiscard]] RunSamples gather_samples(const std::filesystem::path& file, const std::string& whole,
                                        const std::function<void(const std::string&)>& warn);

}  // namespace pipeline::report::page
