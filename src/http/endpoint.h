#pragma once

#include "pipeline/http/breaker.h"
#include "pipeline/http/client.h"
#include "pipeline/http/pacer.h"
#include "pipeline/metrics/metrics.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::http {

// A call on its way through its attempts.
struct Job {
  Endpoint* endpoint;
  Call call;
  bool is_probe = false;  // the client's own, of a known good request
  int attempts = 0;
  int retries = 0;
  int redirects = 0;
  bool is_last = false;       // the server has answered others since this call failed: the next attempt decides
  bool is_refused = false;    // no further attempt
  std::uint64_t counted = 0;  // by the breaker
  SteadyTime held_since{};
  std::string trouble{};   // what the last attempt met
  std::string location{};  // of the next attempt
  Response last{};         // answer
};
using JobPtr = std::unique_ptr<Job>;

class Endpoint {
 public:
  Endpoint(EndpointOptions options_in, Breaker::Options breaker_in, metrics::Metrics& metrics_in)
      : options(std::move(options_in)),
        pacer(options.pacer),
        breaker(breaker_in),
        metrics(metrics_in),
        timer(metrics.timer(options.timer)),
        pace_wait(metrics.timer("pace_wait_seconds", {{"endpoint", options.name}})),
        outage_wait(metrics.timer("outage_wait_seconds", {{"endpoint", options.name}})),
        refusals(metrics.counter("api_429_total", {{"endpoint", options.name}})),
        retries(metrics.counter("retry_total", {{"endpoint", options.name}})) {}

  [[nodiscard]] std::size_t waiting() const noexcept { return first.size() + fresh.size() + held.size() + delayed; }
  [[nodiscard]] bool in_line() const noexcept { return !(first.empty() && fresh.empty()); }
  // While the breaker is open a probe goes even when no call stands in line.
  [[nodiscard]] bool has_next() const noexcept {
    return !paused && (in_line() || (breaker.is_open() && waiting() > 0));
  }
  [[nodiscard]] std::deque<JobPtr>& line() noexcept { return first.empty() ? fresh : first; }

  // Calls failed, and no answer since tells whether that was theirs or the server's fault.
  [[nodiscard]] bool in_doubt() const noexcept { return breaker.failures() > 0 || breaker.is_open() || !held.empty(); }
  [[nodiscard]] bool has_untried() const {
    return !fresh.empty() || std::ranges::any_of(first, [](const JobPtr& job) { return job->attempts == 0; });
  }
  // Whether a request is at hand that was answered before.
  [[nodiscard]] bool knows_good() {
    if (!good_request && options.known_good) good_request = options.known_good();
    return good_request.has_value();
  }
  // Calls that are held for their last attempt stand in line again: no other is left to ask with.
  void release_held() {
    for (JobPtr& job : held)
      if (!job->is_refused) first.push_back(std::move(job));
    std::erase(held, nullptr);
  }

  // Few different answers come from one endpoint, so a short list is the fastest map.
  [[nodiscard]] metrics::Counter& requests(int status) {
    for (auto& [known, counter] : by_status) {
      if (known == status) return counter;
    }
    const std::string label = status == 0 ? "fault" : fmt::format("{}", status);
    return by_status
        .emplace_back(status, metrics.counter("api_requests_total", {{"endpoint", options.name}, {"status", label}}))
        .second;
  }

  const EndpointOptions options;
  Pacer pacer;
  Breaker breaker;
  bool paused = false;
  std::deque<JobPtr> first;  // repeats, and calls submitted as first
  std::deque<JobPtr> fresh;
  std::vector<JobPtr> held;  // failed, and wait for an answer to another call
  std::size_t delayed = 0;   // wait for the end of their backoff
  std::size_t in_flight = 0;
  std::optional<SteadyTime> paced_since;  // since when the next call waits for the bucket alone

  Verdict trouble;                           // the last, refusals too
  Verdict refusal;                           // the last
  std::optional<Request> good_request;       // for the next probe
  int refused_probes = 0;                    // in a row
  SteadyTime blocked_until{};                // by a Retry-After
  std::optional<SteadyTime> outage_since{};  // the server is waited for

  metrics::Metrics& metrics;
  const metrics::Timer timer;
  const metrics::Timer pace_wait;
  const metrics::Timer outage_wait;
  metrics::Counter refusals;
  metrics::Counter retries;
  std::vector<std::pair<int, metrics::Counter>> by_status;
};

}  // namespace pipeline::http
