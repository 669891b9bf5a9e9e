#include "pipeline/http/pacer.h"

#include <algorithm>
#include <cmath>

namespace pipeline::http {

namespace {

using std::chrono::seconds;

// The two clocks may run apart; what is lost by it comes back as soon as an answer shows the surplus.
constexpr double kClockMargin = 0.995;
// Sleepers wake late. Tokens of so many seconds over the first one are kept, so that lateness does not slow the pace.
constexpr double kLateness = 0.010;
// How long a gateway may hold back tokens that are due: it counts whole seconds.
constexpr double kTick = 1.0;
// A bound that an answer contradicts by less than this is rounding, not somebody else's requests.
constexpr double kTolerance = 1.0;
constexpr double kDecrease = 0.5;
constexpr double kIncrease = 0.05;  // of the rate that was refused, each second: back at it after ten
constexpr double kBeyond = 0.5;   // of what it exceeds that rate, each second: what was refused once may be allowed now
constexpr double kSlowest = 0.1;  // requests a second
constexpr double kLongest = 86'400;  // seconds to wait before looking again: keeps times in their range
constexpr double kWhole = 1 - 1e-9;  // a token, but for rounding

constexpr double even_cap(double rate) noexcept {
  return 1 + rate * kLateness;
}

// A signal that cannot be meant is none.
std::optional<double> positive(std::optional<double> value) noexcept {
  return value && std::isfinite(*value) && *value > 0 ? value : std::nullopt;
}

}  // namespace

double Pacer::Bucket::at_time(SteadyTime now, double rate, double cap) const noexcept {
  return std::min(level + rate * to_seconds(std::max(now - at, Nanoseconds(0))), cap);
}

SteadyTime Pacer::Bucket::next(SteadyTime now, double rate, double cap) const noexcept {
  const double tokens = at_time(now, rate, cap);
  if (tokens >= kWhole) return now;
  const double wait = std::min((1 - tokens) / rate, kLongest);
  return now + Nanoseconds(static_cast<std::int64_t>(std::ceil(wait * 1e9)));
}

void Pacer::Bucket::advance(SteadyTime now, double rate, double cap) noexcept {
  level = at_time(now, rate, cap);
  at = std::max(at, now);
}

Pacer::Pacer(Options options) : options_(options) {}

double Pacer::growth() const noexcept {
  return named() ? std::min(kClockMargin * replenish_, ceiling_) : ceiling_;
}

// What is in flight may not have been charged yet. Were the bucket full, its replenishment would be lost until then.
// One token stays within reach whatever is in flight: evenly spaced requests need no burst, however long the way.
double Pacer::cap() const noexcept {
  const double even = even_cap(growth());
  if (!named()) return even;
  return std::max(even, capacity_ - replenish_ * kTick - static_cast<double>(unanswered_.size()));
}

SteadyTime Pacer::next(SteadyTime now) const {
  if (unlimited() && unanswered_.size() >= window_) return SteadyTime::max();
  SteadyTime when = std::max(now, blocked_until_);
  if (!unlimited()) when = std::max(when, model_.next(now, growth(), cap()));
  if (options_.max_rate) when = std::max(when, user_.next(now, *options_.max_rate, even_cap(*options_.max_rate)));
  return when;
}

Pacer::Ticket Pacer::take(SteadyTime now) {
  if (options_.max_rate) {
    user_.advance(now, *options_.max_rate, even_cap(*options_.max_rate));
    user_.level -= 1;
  }
  if (!unlimited()) {
    model_.advance(now, growth(), cap());
    const bool held_back = model_.level < std::min(2.0, cap());
    model_.level -= 1;
    // A rate that is not used to the full says nothing of what would be refused.
    if (held_back && std::isfinite(ceiling_)) {
      const double step = kIncrease * refused_rate_ + kBeyond * std::max(0.0, ceiling_ - refused_rate_);
      ceiling_ += step * std::min(to_seconds(now - last_take_), 1.0);
    }
    if (named() && ceiling_ >= replenish_) ceiling_ = std::numeric_limits<double>::infinity();
  }
  last_take_ = now;
  unanswered_.push_back({next_ticket_, now, unanswered_.size()});
  return next_ticket_++;
}

void Pacer::answered(Ticket ticket, SteadyTime now, const RateSignal& signal) {
  count_second(now);
  accepted_ += 1;
  window_ += 1;
  settle(ticket, now, signal, false);
}

void Pacer::refused(Ticket ticket, SteadyTime now, const RateSignal& signal, std::optional<Nanoseconds> retry_after) {
  const Sent sent = settle(ticket, now, signal, true);
  // A named bucket's debt already makes us wait for it. Of another, a whole second's tick is all that can be hoped for.
  if (!retry_after && !named()) retry_after = seconds(1);
  if (retry_after) blocked_until_ = std::max(blocked_until_, now + *retry_after);
  decrease(sent, now);
  // The debt is counted at the named rate. At a pace that was lowered since it would take longer than any gateway holds
  // tokens back, and twice as long with each refusal of a storm.
  if (named()) model_.level = std::max(model_.level, -growth() * kTick);
}

void Pacer::lost(Ticket ticket, SteadyTime now) {
  if (!unlimited()) model_.advance(now, growth(), cap());
  close(ticket);
}

double Pacer::rate() const noexcept {
  const double server = named() ? std::min(replenish_, ceiling_) : ceiling_;
  return std::min(server, options_.max_rate.value_or(server));
}

// Corrects the model by one answer. Nothing is assumed of when the request was charged, only that it was between its
// send and now, and of those sent around it only that each is charged at some time before its own answer.
Pacer::Sent Pacer::settle(Ticket ticket, SteadyTime now, const RateSignal& signal, bool refused) {
  if (!unlimited()) model_.advance(now, growth(), cap());
  const Sent sent = close(ticket);
  const auto after = static_cast<double>(next_ticket_ - 1 - ticket);
  const auto before = static_cast<double>(sent.before);
  adopt(ticket, now, signal);
  if (!named()) return sent;

  const std::optional<double> remaining = refused ? signal.remaining.value_or(0.0) : signal.remaining;
  if (!remaining || !std::isfinite(*remaining) || *remaining < 0) return sent;  // -1: the gateway does not know itself
  const double reserve = replenish_ * kTick;
  const double at_least = *remaining - after - before - reserve;
  const double at_most = *remaining - after + replenish_ * to_seconds(now - sent.at);
  if (refused || model_.level > at_most + kTolerance) {
    model_.level = at_least;
  } else {
    model_.level = std::max(model_.level, at_least);
  }
  model_.level = std::min(model_.level, cap());
  return sent;
}

void Pacer::adopt(Ticket ticket, SteadyTime now, const RateSignal& signal) {
  const auto rate = positive(signal.replenish_rate);
  if (!rate || ticket < adopted_) return;  // an older answer that was overtaken
  adopted_ = ticket;
  const double capacity = std::max(1.0, positive(signal.burst_capacity).value_or(*rate));
  const double replenish = std::min(*rate, capacity);  // a tick cannot bring more than the bucket holds
  if (replenish == replenish_ && capacity == capacity_) return;
  if (!named()) {
    // Whatever was found by search was found without knowing; this answer's `remaining` says where the model starts.
    ceiling_ = std::numeric_limits<double>::infinity();
    model_ = {.level = -replenish * kTick - static_cast<double>(unanswered_.size()), .at = now};
  } else {
    // A larger reserve is taken from what there is.
    model_.level -= std::max(0.0, replenish - replenish_) * kTick;
  }
  if (!named() || replenish < replenish_ || capacity < capacity_) known_since_ = now;
  replenish_ = replenish;
  capacity_ = capacity;
}

Pacer::Sent Pacer::close(Ticket ticket) {
  const auto found =
      std::find_if(unanswered_.begin(), unanswered_.end(), [&](const Sent& s) { return s.ticket == ticket; });
  const Sent sent = *found;
  unanswered_.erase(found);
  return sent;
}

void Pacer::count_second(SteadyTime now) noexcept {
  if (now - second_began_ < seconds(1)) return;
  accepted_last_ = now - second_began_ < seconds(2) ? accepted_ : 0;
  accepted_ = 0;
  second_began_ = now;
}

void Pacer::decrease(const Sent& sent, SteadyTime now) noexcept {
  // Requests sent before the last decrease, or while a smaller bucket was being learned, tell nothing new.
  if (sent.ticket < decreased_ || (named() && sent.at < known_since_ + seconds(1))) return;
  if (unlimited()) {
    window_ = 1;
    count_second(now);
    const double accepted = std::max(accepted_, accepted_last_);
    if (accepted == 0) return;  // the bucket was empty before we came, and says nothing of its rate
    refused_rate_ = accepted;
    model_ = {.level = 0, .at = now};
  } else {
    refused_rate_ = std::min(ceiling_, named() ? replenish_ : ceiling_);
  }
  ceiling_ = std::max(kSlowest, kDecrease * refused_rate_);
  decreased_ = next_ticket_;
}

}  // namespace pipeline::http
