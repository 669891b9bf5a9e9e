#pragma once

#include "pipeline/http/pacer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace pipeline::test {

// The two ways gateways fill a bucket.
enum class Discipline {
  continuous,  // a little all the time
  ticks,       // R at once, each whole second of a clock we do not see (Spring Cloud Gateway's RedisRateLimiter)
};

// A server's token bucket in virtual time, seconds from 0.
class Gateway {
 public:
  struct Options {
    Discipline discipline = Discipline::continuous;
    double rate = 2;
    double capacity = 4;
    double level = -1;         // at the start; below 0: full
    double phase = 0;          // of the ticks, 0 to 1 s
    bool names_bucket = true;  // sends the headers
    double drinker = 0;        // another client's requests a second, evenly spaced
  };
  explicit Gateway(Options options)
      : options_(options), level_(options.level < 0 ? options.capacity : options.level), ticks_(-options.phase) {}

  struct Answer {
    bool refused = false;
    http::RateSignal signal;
  };
  // Requests arrive in the order of time.
  Answer ask(double now) {
    for (; options_.drinker > 0 && drunk_ < now; drunk_ += 1 / options_.drinker) {
      fill(drunk_);
      if (level_ >= 1) level_ -= 1;
    }
    fill(now);
    const bool refused = level_ < 1;
    if (!refused) level_ -= 1;
    http::RateSignal signal;
    if (options_.names_bucket) signal = {options_.rate, options_.capacity, std::floor(level_)};
    return {refused, signal};
  }

  void change(double now, double rate, double capacity) {
    fill(now);
    options_.rate = rate;
    options_.capacity = capacity;
    level_ = std::min(level_, capacity);
  }

 private:
  void fill(double now) {
    if (options_.discipline == Discipline::continuous) {
      level_ = std::min(options_.capacity, level_ + options_.rate * (now - filled_));
    } else {
      for (; ticks_ + 1 <= now; ticks_ += 1) level_ = std::min(options_.capacity, level_ + options_.rate);
    }
    filled_ = now;
  }

  Options options_;
  double level_;
  double filled_ = 0;
  double ticks_;  // the last tick's time
  double drunk_ = 0;
};

// Sends `requests` through a pacer to a gateway, refused ones again, in virtual time; both ways take a random time, so
// that requests overtake each other.
struct PacedRun {
  struct Way {
    double mean = 0.030;  // seconds, each way
    double spread = 0.010;
  };

  http::Pacer::Options pacer{};
  Gateway::Options gateway{};
  int requests = 1000;
  std::size_t in_flight = 10;
  Way out{}, back{};
  double wakes_late = 0.001;  // at most, as a sleeper does
  std::optional<double> retry_after{};
  double lost = 0;  // share of answers that never come
  std::vector<std::pair<double, std::function<void(Gateway&)>>> events{};
  unsigned seed = 1;

  // Results.
  double seconds = 0;
  int refused = 0;
  std::vector<double> accepted{};  // times of arrival
  std::vector<double> sent{};

  [[nodiscard]] int accepted_between(double from, double to) const { return count(accepted, from, to); }
  [[nodiscard]] int sent_between(double from, double to) const { return count(sent, from, to); }

  PacedRun& run();

 private:
  [[nodiscard]] static int count(const std::vector<double>& times, double from, double to) {
    return static_cast<int>(std::count_if(times.begin(), times.end(), [&](double t) { return t >= from && t < to; }));
  }
};

inline PacedRun& PacedRun::run() {
  struct Arrival {
    http::Pacer::Ticket ticket;
  };
  struct Return {
    http::Pacer::Ticket ticket;
    bool lost;
    Gateway::Answer answer;
  };
  std::mt19937 random(seed);
  const auto draw = [&](const Way& way) {
    return std::max(0.0, std::uniform_real_distribution(way.mean - way.spread, way.mean + way.spread)(random));
  };
  const auto at = [](double t) { return SteadyTime(Nanoseconds(static_cast<std::int64_t>(t * 1e9) + 1'000'000'000)); };
  const auto since = [](SteadyTime t) { return to_seconds(t.time_since_epoch()) - 1; };

  http::Pacer pace(pacer);
  Gateway server(gateway);
  std::multimap<double, Arrival> arrivals;
  std::multimap<double, Return> returns;
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  auto event = events.begin();
  double now = 0;
  int waiting = requests;
  while (waiting > 0 || !arrivals.empty() || !returns.empty()) {
    double next = std::numeric_limits<double>::infinity();
    if (waiting > 0 && arrivals.size() + returns.size() < in_flight) {
      const SteadyTime when = pace.next(at(now));
      if (when <= at(now)) {
        const auto ticket = pace.take(at(now));
        sent.push_back(now);
        arrivals.emplace(now + draw(out), Arrival{ticket});
        --waiting;
        continue;
      }
      if (when != SteadyTime::max())
        next = since(when) + std::uniform_real_distribution(0.0, wakes_late)(random) + 1e-9;
    }
    if (!arrivals.empty()) next = std::min(next, arrivals.begin()->first);
    if (!returns.empty()) next = std::min(next, returns.begin()->first);
    now = std::max(now, next);
    for (; event != events.end() && event->first <= now; ++event) event->second(server);
    while (!arrivals.empty() && arrivals.begin()->first <= now) {
      const Gateway::Answer answer = server.ask(arrivals.begin()->first);
      if (answer.refused) {
        ++refused;
      } else {
        accepted.push_back(now);
      }
      const bool dropped = std::bernoulli_distribution(lost)(random);
      returns.emplace(now + draw(back), Return{arrivals.begin()->second.ticket, dropped, answer});
      arrivals.erase(arrivals.begin());
    }
    while (!returns.empty() && returns.begin()->first <= now) {
      const Return back_again = returns.begin()->second;
      returns.erase(returns.begin());
      if (back_again.lost) {
        pace.lost(back_again.ticket, at(now));
      } else if (back_again.answer.refused) {
        ++waiting;
        pace.refused(
            back_again.ticket, at(now), back_again.answer.signal,
            retry_after ? std::optional(Nanoseconds(static_cast<std::int64_t>(*retry_after * 1e9))) : std::nullopt);
      } else {
        pace.answered(back_again.ticket, at(now), back_again.answer.signal);
      }
    }
  }
  seconds = now;
  return *this;
}

}  // namespace pipeline::test
