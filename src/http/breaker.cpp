#include "pipeline/http/breaker.h"

#include <algorithm>

namespace pipeline::http {

Breaker::Breaker(Options options) : options_(options) {}

SteadyTime Breaker::next(SteadyTime now) const noexcept {
  if (!open()) return now;
  return probing_ ? SteadyTime::max() : until_;
}

void Breaker::started(SteadyTime now) noexcept {
  if (!open()) return;
  probing_ = true;
  probe_sent_ = now;
}

void Breaker::succeeded() noexcept {
  failures_ = 0;
  opens_ = 0;
  probing_ = false;
}

void Breaker::failed(SteadyTime sent, SteadyTime now) noexcept {
  ++failures_;
  const bool opens =
      open() ? probing_ && sent >= probe_sent_ : failures_ >= static_cast<std::uint64_t>(options_.threshold);
  if (!opens) return;
  Nanoseconds cooldown = std::min(options_.first_cooldown, options_.max_cooldown);
  for (int n = 0; n < opens_ && cooldown < options_.max_cooldown; ++n) {
    cooldown = std::min(cooldown * 2, options_.max_cooldown);
  }
  ++opens_;
  probing_ = false;
  until_ = now + cooldown;
}

void Breaker::inconclusive(SteadyTime sent) noexcept {
  if (probing_ && sent >= probe_sent_) probing_ = false;
}

}  // namespace pipeline::http
