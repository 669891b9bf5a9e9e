#include "emulator/stats.h"

#include <algorithm>

namespace pipeline::emulator {

std::uint64_t Stats::requests_to(Endpoint endpoint) const noexcept {
  std::uint64_t sum = 0;
  for (const auto& [status, count] : by_status[static_cast<std::size_t>(endpoint)]) sum += count;
  return sum;
}

std::uint64_t Stats::requests_to(Endpoint endpoint, int status) const noexcept {
  const auto& counts = by_status[static_cast<std::size_t>(endpoint)];
  const auto found = counts.find(status);
  return found == counts.end() ? 0 : found->second;
}

void StatsKeeper::arrived(SteadyTime now, Nanoseconds delay) {
  ++stats_.requests;
  if (!stats_.first_request) stats_.first_request = now;
  stats_.last_request = now;
  while (!ends_.empty() && ends_.top() <= now) ends_.pop();
  ends_.push(now + delay);
  stats_.max_concurrent = std::max<std::uint64_t>(stats_.max_concurrent, ends_.size());
}

void StatsKeeper::answered(Endpoint endpoint, int status) {
  ++stats_.by_status[static_cast<std::size_t>(endpoint)][status];
  if (status == 429) ++stats_.rate_limited;
}

void StatsKeeper::detail_served(std::int64_t channel_no) {
  ++(++details_[channel_no] == 1 ? stats_.distinct_details : stats_.duplicate_details);
}

}  // namespace pipeline::emulator
