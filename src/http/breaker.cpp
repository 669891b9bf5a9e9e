#include "pipeline/http/breaker.h"

#include <algorithm>

namespace pipeline::http {

SteadyTime Breaker::next(SteadyTime now) const noexcept {
  if (!open_) return now;
  return probing_ ? SteadyTime::max() : next_;
}

void Breaker::succeeded() noexcept {
  if (failures_ > 0) ++row_;
  failures_ = 0;
  open_ = false;
  probing_ = false;
}

void Breaker::failed(std::uint64_t& counted, SteadyTime now) noexcept {
  if (counted == row_) return;
  counted = row_;
  if (failures_++ == 0) since_ = now;
  if (failures_ >= static_cast<std::uint64_t>(options_.threshold)) open(now);
}

void Breaker::open(SteadyTime first_probe) noexcept {
  if (open_) return;
  open_ = true;
  next_ = first_probe;
  pause_ = options_.first_pause;
}

void Breaker::probe_failed(SteadyTime now, SteadyTime latest) noexcept {
  probing_ = false;
  next_ = std::min(now + pause_, latest);
  pause_ = std::min(pause_ * 2, options_.max_pause);
}

}  // namespace pipeline::http
