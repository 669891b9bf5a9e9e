#pragma once

#include "pipeline/base/clock.h"

#include "emulator/faults.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

namespace pipeline::emulator {

// What was served since the start or the last reset. Control calls are not in it.
struct Stats {
  std::uint64_t requests = 0;
  std::array<std::map<int, std::uint64_t>, kEndpoints> by_status;  // [endpoint][status]; a reset counts as status 0
  std::uint64_t tokens_issued = 0;                                 // new ones
  std::uint64_t list_pages = 0;                                    // whole and faultless
  std::uint64_t distinct_details = 0;                              // channel products whose detail was served whole
  std::uint64_t duplicate_details = 0;                             // details served beyond the first of a product
  std::uint64_t rate_limited = 0;                                  // 429, of whatever cause
  std::uint64_t max_concurrent = 0;                                // calls whose delays overlapped
  std::optional<SteadyTime> first_request;
  std::optional<SteadyTime> last_request;

  [[nodiscard]] std::uint64_t requests_to(Endpoint endpoint) const noexcept;
  [[nodiscard]] std::uint64_t requests_to(Endpoint endpoint, int status) const noexcept;
};

// Keeps the count. Not thread-safe.
class StatsKeeper {
 public:
  void arrived(SteadyTime now, Nanoseconds delay);
  void answered(Endpoint endpoint, int status);
  void token_issued() noexcept { ++stats_.tokens_issued; }
  void page_served() noexcept { ++stats_.list_pages; }
  void detail_served(std::int64_t channel_no);

  [[nodiscard]] const Stats& stats() const noexcept { return stats_; }
  [[nodiscard]] const std::unordered_map<std::int64_t, std::uint64_t>& details() const noexcept { return details_; }
  void reset() { *this = {}; }

 private:
  Stats stats_;
  std::unordered_map<std::int64_t, std::uint64_t> details_;  // channel number: times served
  std::priority_queue<SteadyTime, std::vector<SteadyTime>, std::greater<>> ends_;
};

}  // namespace pipeline::emulator
