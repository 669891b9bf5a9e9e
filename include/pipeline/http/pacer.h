#pragma once

#include "pipeline/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace pipeline::http {

// What a response says of its endpoint's token bucket.
struct RateSignal {
  std::optional<double> replenish_rate;  // tokens a second
  std::optional<double> burst_capacity;  // tokens
  std::optional<double> remaining;       // tokens left after this request
};

// Keeps requests at the pace of a server's token bucket (rate R, capacity B), so that none is sent that would be
// refused.
//
// The first request goes alone: its answer tells whether the server names its bucket.
//
// If it does, the pacer keeps a *lower bound* of the bucket's level. Two things make a naive model too high: the
// gateway may replenish in whole-second ticks (all of R at once, so up to a second late), and a request on its way is
// charged when it arrives. So the bound is charged at the send, holds one second of replenishment in reserve, and is
// capped at B - R less what is in flight (what a full bucket overflowed while a charge was under way is lost). Every
// answer corrects it: upward when the server provably holds more, downward when something else drinks from the same
// bucket.
//
// If it does not, the pacer looks for the rate: one request more in flight for each answer (which doubles the pace each
// round trip) until the first refusal, then multiplicative decrease (half) and additive increase up to the rate that
// was refused, faster beyond it. A refusal from a bucket that was named, and has been known for a while, means other
// clients share it: the same search goes on below R.
//
// Not thread-safe; time is handed in and never goes back. Never throws, but for lack of memory.
class Pacer {
 public:
  struct Options {
    std::optional<double> max_rate;  // the user's cap, requests a second, over 0: no second sees more, but for one
  };
  using Ticket = std::uint64_t;

  explicit Pacer(Options options);

  // When the next request may go: at or before `now` means now. SteadyTime::max(): only after an answer to one in
  // flight.
  [[nodiscard]] SteadyTime next(SteadyTime now) const;
  // A request goes now. The ticket comes back once, with its answer.
  [[nodiscard]] Ticket take(SteadyTime now);
  // The answer to a request that was not refused for its rate.
  void answered(Ticket ticket, SteadyTime now, const RateSignal& signal);
  // The answer was 429: nothing goes before `retry_after` (when the server named one), else before the bucket has
  // refilled.
  void refused(Ticket ticket, SteadyTime now, const RateSignal& signal, std::optional<Nanoseconds> retry_after);
  // No answer came (transport fault): whether it was charged is unknown, so it was.
  void lost(Ticket ticket, SteadyTime now);

  // The present pace, requests a second; infinite while no limit is known.
  [[nodiscard]] double rate() const noexcept;

 private:
  // Tokens that come evenly and are lost over the cap. Level may be negative: a debt.
  struct Bucket {
    double level = 1;
    SteadyTime at{};
    [[nodiscard]] double at_time(SteadyTime now, double rate, double cap) const noexcept;
    [[nodiscard]] SteadyTime next(SteadyTime now, double rate, double cap) const noexcept;
    void advance(SteadyTime now, double rate, double cap) noexcept;
  };
  struct Sent {
    Ticket ticket;
    SteadyTime at;
    std::size_t before;  // were unanswered then: they may have been charged later all the same
  };

  [[nodiscard]] bool named() const noexcept { return replenish_ > 0; }
  [[nodiscard]] bool unlimited() const noexcept { return growth() == std::numeric_limits<double>::infinity(); }
  [[nodiscard]] double growth() const noexcept;
  [[nodiscard]] double cap() const noexcept;
  void adopt(Ticket ticket, SteadyTime now, const RateSignal& signal);
  Sent settle(Ticket ticket, SteadyTime now, const RateSignal& signal, bool refused);
  Sent close(Ticket ticket);
  void count_second(SteadyTime now) noexcept;
  void decrease(const Sent& sent, SteadyTime now) noexcept;

  const Options options_;

  Ticket next_ticket_ = 1;
  std::vector<Sent> unanswered_;  // in the order sent
  SteadyTime blocked_until_{};    // by a refusal
  Bucket user_;                   // the user's cap
  Bucket model_;                  // named: the bound of the server's level; else tokens at the rate found

  // The server's bucket as its headers name it; 0: not named so far.
  double replenish_ = 0;
  double capacity_ = 0;
  Ticket adopted_ = 0;        // the newest ticket whose headers were taken
  SteadyTime known_since_{};  // the last time the bucket turned out smaller than thought

  // The search by refusals.
  double ceiling_ = std::numeric_limits<double>::infinity();  // requests a second; infinite before the first refusal
  double refused_rate_ = 0;                                   // at the last refusal that counted
  Ticket decreased_ = 0;  // the next ticket at the last decrease: refusals of older ones tell nothing new
  SteadyTime last_take_{};
  std::size_t window_ = 1;  // in flight at most, before the first refusal
  SteadyTime second_began_{};
  double accepted_ = 0;       // in this second,
  double accepted_last_ = 0;  // and in the one before
};

}  // namespace pipeline::http
