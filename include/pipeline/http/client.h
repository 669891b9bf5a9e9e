#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/http/backoff.h"
#include "pipeline/http/breaker.h"
#include "pipeline/http/message.h"
#include "pipeline/http/pacer.h"
#include "pipeline/http/transport.h"
#include "pipeline/metrics/metrics.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::http {

// What an answer, or a transport fault, means, as the API's own table says.
struct Verdict {
  enum class Kind {
    success,
    retry,      // trouble that may pass: again after a backoff, up to max_retries
    throttled,  // refused for its rate: again when the bucket allows, up to max_retries
    refused,    // no repeat mends it: this call's failure, or, when all calls are refused, the end of all
    redirect,   // again at `location`
    fail,       // this call's final result
    stop,       // no call can succeed any more: this one and all others end now
  };
  Kind kind = Kind::success;
  std::string reason;    // for people: what was wrong, and what mends it; empty on success
  std::string location;  // redirect
  std::optional<Nanoseconds> retry_after{};
  std::optional<Nanoseconds> patience{};  // retry: how long it is waited for when all calls meet it, if less than usual
  std::string lasting{};                  // retry, refused: the reason when all calls meet it; empty: `reason`
};

// The answer a call ended with.
struct Result {
  enum class Kind {
    success,
    failed,   // final verdict, or retries used up; also what had failed when an outage ended the run
    skipped,  // not finished: the client was stopped, or the deadline passed before the next attempt
  };
  Kind kind = Kind::success;
  Response response;   // of the last attempt that ended, if any
  std::string reason;  // why it failed or was skipped
  int attempts = 0;
};

// One API endpoint: its own bucket, its own labels. Owned by the client.
class Endpoint;

struct EndpointOptions {
  std::string name;   // the label `endpoint`
  std::string timer;  // the metric that times each attempt, e.g. detail_fetch_seconds
  // Judges an answer or a transport fault. A body that it reads for that goes on as Response::content.
  std::function<Verdict(Response&)> classify;
  std::function<RateSignal(const Response&)> rate_signal;  // of an answer
  Pacer::Options pacer;
  // A request that was answered before, or is likely to be: what the server is asked when calls fail. Best another one
  // each time. None: a call that waits is used.
  std::function<std::optional<Request>()> known_good{};
};

struct Attempt {
  int number = 1;
  std::string location;  // where a redirect pointed; else empty
};

struct Call {
  std::function<Request(const Attempt&)> make;  // called for each attempt, at the moment it is sent
  std::function<void(Result)> done;             // called once, from step() or stop(); may submit further calls, or stop
  std::string sku;                              // tag of the timer and of log lines
  bool spare = false;  // can be done without: fails after max_retries, and no other call waits because of it
};

struct ClientOptions {
  int max_in_flight = 10;              // over all endpoints
  int max_retries = 5;                 // a call's attempts after trouble (one at least) or a refusal for its rate
  std::optional<SteadyTime> deadline;  // nothing is sent after it; what is in flight may end
  Nanoseconds patience = std::chrono::minutes(30);  // how long a server that is down is waited for
  Backoff::Options backoff;
  Breaker::Options breaker;
  std::uint64_t seed = 0;  // of the jitter
};

// Why a client stopped.
enum class StopCause {
  none,
  asked,      // stop() was called
  verdict,    // an answer said so, or all calls were refused
  outage,     // the server was down for longer than patience or deadline allow
  wait_long,  // the server asked for a wait longer than that
};

// A server that is waited for.
struct Outage {
  std::string endpoint;
  std::string reason;  // of the last failure
  SteadyTime next_try;
};

// Sends calls over a transport: at most max_in_flight at a time, each endpoint at the pace of its bucket and in the
// order submitted (repeats first), with bounded retries and at most three redirects a call.
//
// A call that fails is told from a server that is down. A call's last attempt is made only when the server has answered
// another one since; when that fails too, the call has failed, by itself. Where no other call is left that could tell,
// or `Breaker::Options::threshold` different calls failed in a row, the endpoint's breaker opens and a known good call
// is sent. When that fails as well, all calls of the endpoint wait and keep their attempts, and the server is asked
// with growing pauses until it answers, or `patience` has passed: then the client stops. Retry-After is obeyed within
// the same bound.
//
// Counted: api_requests_total{endpoint,status} (status: the HTTP code, or `fault`), api_429_total{endpoint},
// retry_total{endpoint}; timed: each attempt under the endpoint's timer, pace_wait_seconds{endpoint}: how long a call
// stood first in line for its bucket alone, and outage_wait_seconds{endpoint}: how long the server was waited for.
//
// One thread. Borrows transport, clock and metrics. What make() or done() throws comes out of step() or stop().
class Client {
 public:
  Client(Transport& transport, const Clock& clock, metrics::Metrics& metrics, ClientOptions options);
  ~Client();  // drops what is in flight; calls no done()

  [[nodiscard]] Endpoint& add_endpoint(EndpointOptions options);

  // After stop(), done() is called at once.
  void submit(Endpoint& endpoint, Call call);
  // The same, before all calls of that endpoint that wait.
  void submit_first(Endpoint& endpoint, Call call);

  // A paused endpoint's calls wait; those in flight go on. For the time in which they could not succeed.
  void pause(Endpoint& endpoint);
  void resume(Endpoint& endpoint);

  // Sends what may go now, waits at most until `until` for answers, and delivers them. Returns at the first news, when
  // the next call may go, or when Transport::wake() is called.
  void step(SteadyTime until);
  // Ends every call, waiting or in flight, as skipped, and refuses new ones the same way. The first `reason` is kept.
  void stop(std::string reason);

  [[nodiscard]] bool stopped() const noexcept;
  [[nodiscard]] const std::string& stop_reason() const noexcept;
  [[nodiscard]] StopCause stop_cause() const noexcept;
  [[nodiscard]] std::size_t in_flight() const noexcept;
  [[nodiscard]] std::size_t waiting() const noexcept;  // submitted, not in flight
  [[nodiscard]] bool idle() const noexcept { return in_flight() == 0 && waiting() == 0; }
  // Calls of the endpoint that failed and are to be repeated, or wait to be judged.
  [[nodiscard]] std::size_t in_trouble(const Endpoint& endpoint) const noexcept;
  // The server that is waited for now, if one is.
  [[nodiscard]] std::optional<Outage> outage() const;
  // The present pace, requests a second; infinite while no limit is known.
  [[nodiscard]] double rate(const Endpoint& endpoint) const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pipeline::http
