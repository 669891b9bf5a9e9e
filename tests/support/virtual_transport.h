#pragma once

#include "pipeline/http/transport.h"

#include "support/fake_clock.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace pipeline::test {

struct VirtualReply {
  http::Response response;  // started and took are filled in
  Nanoseconds latency{};    // from the request's arrival at the server to the answer's arrival here
};

// A transport whose time is a FakeClock: poll() turns the clock to the next event instead of waiting, so that a client
// runs through hours of pacing and retries in milliseconds, and always the same way. `server` is called at the moment
// each request arrives, in the order of arrival. A reply later than the request's timeout becomes a fault. Like the
// interface, for one thread but for wake(); poll() throws logic_error when nothing could ever end it.
class VirtualTransport final : public http::Transport {
 public:
  using Server = std::function<VirtualReply(const http::Request&)>;
  // `outbound` gives the time each request takes to the server; without it they arrive at once.
  VirtualTransport(FakeClock& clock, Server server, std::function<Nanoseconds()> outbound = {})
      : clock_(clock), server_(std::move(server)), outbound_(std::move(outbound)) {}

  void start(std::uint64_t id, http::Request request) override {
    const SteadyTime now = clock_.now();
    arriving_.emplace(now + (outbound_ ? outbound_() : Nanoseconds(0)), Arriving{id, now, std::move(request)});
    most_in_flight_ = std::max(most_in_flight_, in_flight());
  }

  void poll(SteadyTime until, std::vector<http::Completion>& ended) override {
    while (!woken_.exchange(false)) {
      const SteadyTime arrival = arriving_.empty() ? SteadyTime::max() : arriving_.begin()->first;
      const SteadyTime answer = answering_.empty() ? SteadyTime::max() : answering_.begin()->first;
      if (std::min(arrival, answer) > until) return clock_.advance_to(until);
      if (std::min(arrival, answer) == SteadyTime::max())
        throw std::logic_error("virtual transport: nothing to wait for");
      clock_.advance_to(std::min(arrival, answer));
      if (arrival <= answer) {
        arrive();
      } else {
        for (auto at = answering_.begin(); at != answering_.end() && at->first <= answer; at = answering_.erase(at)) {
          ended.push_back(std::move(at->second));
        }
        return;
      }
    }
  }

  void wake() noexcept override { woken_ = true; }
  void cancel_all() noexcept override {
    arriving_.clear();
    answering_.clear();
  }

  [[nodiscard]] std::size_t in_flight() const noexcept { return arriving_.size() + answering_.size(); }
  [[nodiscard]] std::size_t most_in_flight() const noexcept { return most_in_flight_; }

 private:
  struct Arriving {
    std::uint64_t id;
    SteadyTime started;
    http::Request request;
  };

  void arrive() {
    const Arriving arrived = std::move(arriving_.begin()->second);
    arriving_.erase(arriving_.begin());
    VirtualReply reply = server_(arrived.request);
    SteadyTime answer = clock_.now() + reply.latency;
    if (answer - arrived.started > arrived.request.timeout) {
      reply.response = {};
      reply.response.fault = "timeout";
      answer = std::max(clock_.now(), arrived.started + arrived.request.timeout);
    }
    reply.response.started = arrived.started;
    reply.response.took = answer - arrived.started;
    answering_.emplace(answer, http::Completion{arrived.id, std::move(reply.response)});
  }

  FakeClock& clock_;
  const Server server_;
  const std::function<Nanoseconds()> outbound_;
  std::multimap<SteadyTime, Arriving> arriving_;           // by arrival at the server
  std::multimap<SteadyTime, http::Completion> answering_;  // by arrival of the answer
  std::size_t most_in_flight_ = 0;
  std::atomic<bool> woken_{false};
};

}  // namespace pipeline::test
