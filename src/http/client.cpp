#include "pipeline/http/client.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace pipeline::http {

namespace {

constexpr int kMaxRedirects = 3;

// A call on its way through its attempts.
struct Job {
  Endpoint* endpoint;
  Call call;
  int attempts = 0;
  int retries = 0;
  int redirects = 0;
  std::string location{};  // of the next attempt
  Response last{};         // answer
};
using JobPtr = std::unique_ptr<Job>;

struct InFlight {
  JobPtr job;
  Pacer::Ticket ticket;
  SteadyTime sent;
};

}  // namespace

class Endpoint {
 public:
  Endpoint(EndpointOptions options_in, metrics::Metrics& metrics_in)
      : options(std::move(options_in)),
        pacer(options.pacer),
        metrics(metrics_in),
        timer(metrics.timer(options.timer)),
        pace_wait(metrics.timer("pace_wait_seconds", {{"endpoint", options.name}})),
        refusals(metrics.counter("api_429_total", {{"endpoint", options.name}})),
        retries(metrics.counter("retry_total", {{"endpoint", options.name}})) {}

  [[nodiscard]] bool has_next() const noexcept { return !paused && !(first.empty() && fresh.empty()); }
  [[nodiscard]] std::deque<JobPtr>& line() noexcept { return first.empty() ? fresh : first; }

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
  bool paused = false;
  std::deque<JobPtr> first;  // repeats, and calls submitted as first
  std::deque<JobPtr> fresh;
  std::optional<SteadyTime> paced_since;  // since when the next call waits for the bucket alone

  metrics::Metrics& metrics;
  const metrics::Timer timer;
  const metrics::Timer pace_wait;
  metrics::Counter refusals;
  metrics::Counter retries;
  std::vector<std::pair<int, metrics::Counter>> by_status;
};

struct Client::State {
  State(Transport& transport_in, const Clock& clock_in, metrics::Metrics& metrics_in, ClientOptions options_in)
      : transport(transport_in),
        clock(clock_in),
        metrics(metrics_in),
        options(std::move(options_in)),
        backoff(options.backoff, options.seed),
        breaker(options.breaker) {}

  void submit(Endpoint& endpoint, Call call, bool first);
  void step(SteadyTime until);
  void stop(std::string reason);

  [[nodiscard]] bool past_deadline(SteadyTime when) const noexcept {
    return options.deadline && when >= *options.deadline;
  }
  void collect_due(SteadyTime now);
  [[nodiscard]] SteadyTime send_ready(SteadyTime now);
  void send_next(Endpoint& endpoint, SteadyTime now);
  void handle(Completion completion, SteadyTime now);
  void record(Endpoint& endpoint, const Job& job, const Response& response);
  void again(JobPtr job, const Verdict& verdict, SteadyTime now);
  void redirect(JobPtr job, const Verdict& verdict);
  void skip_all(std::vector<JobPtr> jobs, const std::string& reason);
  [[nodiscard]] std::vector<JobPtr> take_waiting();
  void finish(JobPtr job, Result::Kind kind, std::string reason);

  Transport& transport;
  const Clock& clock;
  metrics::Metrics& metrics;
  const ClientOptions options;
  Backoff backoff;
  Breaker breaker;

  std::vector<std::unique_ptr<Endpoint>> endpoints;
  std::size_t turn = 0;  // the endpoint that is asked first
  std::multimap<SteadyTime, JobPtr> delayed;
  std::map<std::uint64_t, InFlight> in_flight;  // by the transport's id, which is the order sent
  std::size_t waiting = 0;                      // in lines and delayed
  std::uint64_t last_id = 0;
  bool stopped = false;
  std::string stop_reason;
};

void Client::State::submit(Endpoint& endpoint, Call call, bool first) {
  auto job = std::make_unique<Job>(Job{.endpoint = &endpoint, .call = std::move(call)});
  if (stopped) return finish(std::move(job), Result::Kind::skipped, stop_reason);
  ++waiting;
  if (first) {
    endpoint.first.push_front(std::move(job));
  } else {
    endpoint.fresh.push_back(std::move(job));
  }
}

void Client::State::step(SteadyTime until) {
  if (stopped) return;
  const SteadyTime now = clock.now();
  SteadyTime wake = until;
  if (past_deadline(now)) {
    skip_all(take_waiting(), "deadline");
    if (in_flight.empty()) return;
  } else {
    collect_due(now);
    wake = std::min(wake, send_ready(now));
    if (in_flight.empty() && wake == SteadyTime::max()) return;  // nothing can ever happen
  }

  std::vector<Completion> ended;
  transport.poll(wake, ended);
  const SteadyTime arrived = clock.now();
  for (Completion& completion : ended) handle(std::move(completion), arrived);
}

void Client::State::collect_due(SteadyTime now) {
  while (!delayed.empty() && delayed.begin()->first <= now) {
    JobPtr job = std::move(delayed.begin()->second);
    delayed.erase(delayed.begin());
    job->endpoint->first.push_back(std::move(job));
  }
}

// Sends one call an endpoint in turn until no more may go, and tells when to look again.
SteadyTime Client::State::send_ready(SteadyTime now) {
  const auto limit = static_cast<std::size_t>(std::max(1, options.max_in_flight));
  SteadyTime wake = SteadyTime::max();
  for (std::size_t idle = 0; idle < endpoints.size() && in_flight.size() < limit;
       turn = (turn + 1) % endpoints.size()) {
    Endpoint& endpoint = *endpoints[turn];
    ++idle;
    if (!endpoint.has_next()) continue;
    const SteadyTime healthy = breaker.next(now);
    const SteadyTime paced = endpoint.pacer.next(now);
    if (healthy > now || paced > now) {
      if (healthy <= now && !endpoint.paced_since) endpoint.paced_since = now;
      wake = std::min(wake, std::max(healthy, paced));
      continue;
    }
    send_next(endpoint, now);
    idle = 0;
    wake = SteadyTime::max();  // all are asked once more
  }
  if (in_flight.size() >= limit) wake = SteadyTime::max();
  if (!delayed.empty()) wake = std::min(wake, delayed.begin()->first);
  if (waiting > 0 && options.deadline) wake = std::min(wake, *options.deadline);
  return wake;
}

void Client::State::send_next(Endpoint& endpoint, SteadyTime now) {
  Job& next = *endpoint.line().front();
  // May throw: the call then still stands in line.
  Request request = next.call.make(Attempt{next.attempts + 1, next.location});
  JobPtr job = std::move(endpoint.line().front());
  endpoint.line().pop_front();
  --waiting;
  ++job->attempts;
  if (endpoint.paced_since) {
    metrics.record(endpoint.pace_wait, *endpoint.paced_since, now - *endpoint.paced_since, {.sku = job->call.sku});
    endpoint.paced_since.reset();
  }
  const Pacer::Ticket ticket = endpoint.pacer.take(now);
  breaker.started(now);
  in_flight.emplace_hint(in_flight.end(), ++last_id, InFlight{std::move(job), ticket, now});
  transport.start(last_id, std::move(request));
}

void Client::State::handle(Completion completion, SteadyTime now) {
  const auto found = in_flight.find(completion.id);
  if (found == in_flight.end()) return;  // stopped by the done() of one that ended with it
  auto [job, ticket, sent] = std::move(found->second);
  in_flight.erase(found);
  Endpoint& endpoint = *job->endpoint;
  job->last = std::move(completion.response);
  const Response& response = job->last;
  record(endpoint, *job, response);

  if (!response.fault.empty()) {
    endpoint.pacer.lost(ticket, now);
    breaker.failed(sent, now);
    return again(std::move(job), {.kind = Verdict::Kind::retry, .reason = response.fault, .location = {}}, now);
  }
  const Verdict verdict = endpoint.options.classify(response);
  const RateSignal signal = endpoint.options.rate_signal(response);
  if (verdict.kind == Verdict::Kind::throttled) {
    endpoint.pacer.refused(ticket, now, signal, verdict.retry_after);
    breaker.inconclusive(sent);
    return again(std::move(job), verdict, now);
  }
  endpoint.pacer.answered(ticket, now, signal);
  if (verdict.kind == Verdict::Kind::retry) {
    breaker.failed(sent, now);
    return again(std::move(job), verdict, now);
  }
  breaker.succeeded();
  switch (verdict.kind) {
    case Verdict::Kind::redirect:
      return redirect(std::move(job), verdict);
    case Verdict::Kind::success:
      return finish(std::move(job), Result::Kind::success, {});
    default:
      finish(std::move(job), Result::Kind::failed, verdict.reason);
      if (verdict.kind == Verdict::Kind::stop) stop(verdict.reason);
  }
}

void Client::State::record(Endpoint& endpoint, const Job& job, const Response& response) {
  metrics.record(endpoint.timer, response.started, response.took, {.sku = job.call.sku});
  endpoint.requests(response.fault.empty() ? response.status : 0).add();
  if (response.fault.empty() && response.status == 429) endpoint.refusals.add();
}

// Trouble, or a refusal for the rate: once more, if that is still allowed.
void Client::State::again(JobPtr job, const Verdict& verdict, SteadyTime now) {
  Endpoint& endpoint = *job->endpoint;
  const bool refused = verdict.kind == Verdict::Kind::throttled;
  if (job->retries >= options.max_retries) {
    finish(std::move(job), Result::Kind::failed, verdict.reason);
  } else {
    ++job->retries;
    const Nanoseconds delay =
        refused ? Nanoseconds(0) : std::max(backoff.delay(job->retries), verdict.retry_after.value_or(Nanoseconds(0)));
    if (past_deadline(now + delay)) {
      finish(std::move(job), Result::Kind::skipped, "deadline");
    } else {
      const log::SkuScope scope(job->call.sku);
      log::debug("{}: attempt {} failed, again {}: {}", endpoint.options.name, job->attempts,
                 refused ? "at the bucket's pace" : "in " + format_duration(to_seconds(delay)), verdict.reason);
      endpoint.retries.add();
      ++waiting;
      if (refused) {
        endpoint.first.push_front(std::move(job));
      } else {
        delayed.emplace(now + delay, std::move(job));
      }
    }
  }
  if (breaker.exhausted() && !stopped) {
    stop(fmt::format("{}: {} calls in a row failed; last: {}", endpoint.options.name, breaker.failures(),
                     verdict.reason));
  }
}

void Client::State::redirect(JobPtr job, const Verdict& verdict) {
  if (++job->redirects > kMaxRedirects) {
    return finish(std::move(job), Result::Kind::failed, fmt::format("redirected more than {} times", kMaxRedirects));
  }
  job->location = verdict.location;
  ++waiting;
  job->endpoint->first.push_front(std::move(job));
}

std::vector<JobPtr> Client::State::take_waiting() {
  std::vector<JobPtr> jobs;
  const auto take = [&jobs](std::deque<JobPtr>& line) {
    std::move(line.begin(), line.end(), std::back_inserter(jobs));
    line.clear();
  };
  for (const auto& endpoint : endpoints) {
    take(endpoint->first);
    take(endpoint->fresh);
    endpoint->paced_since.reset();
  }
  for (auto& [due, job] : delayed) jobs.push_back(std::move(job));
  delayed.clear();
  waiting = 0;
  return jobs;
}

void Client::State::stop(std::string reason) {
  if (stopped) return;
  stopped = true;
  stop_reason = std::move(reason);
  transport.cancel_all();
  std::vector<JobPtr> jobs;
  for (auto& [id, sent] : in_flight) jobs.push_back(std::move(sent.job));
  in_flight.clear();
  std::vector<JobPtr> unsent = take_waiting();
  std::move(unsent.begin(), unsent.end(), std::back_inserter(jobs));
  skip_all(std::move(jobs), stop_reason);
}

void Client::State::skip_all(std::vector<JobPtr> jobs, const std::string& reason) {
  for (JobPtr& job : jobs) finish(std::move(job), Result::Kind::skipped, reason);
}

// Last, because done() may submit, stop, or throw.
void Client::State::finish(JobPtr job, Result::Kind kind, std::string reason) {
  job->call.done(Result{kind, std::move(job->last), std::move(reason), job->attempts});
}

Client::Client(Transport& transport, const Clock& clock, metrics::Metrics& metrics, ClientOptions options)
    : state_(std::make_unique<State>(transport, clock, metrics, std::move(options))) {}

Client::~Client() {
  state_->transport.cancel_all();
}

Endpoint& Client::add_endpoint(EndpointOptions options) {
  return *state_->endpoints.emplace_back(std::make_unique<Endpoint>(std::move(options), state_->metrics));
}

void Client::submit(Endpoint& endpoint, Call call) {
  state_->submit(endpoint, std::move(call), false);
}
void Client::submit_first(Endpoint& endpoint, Call call) {
  state_->submit(endpoint, std::move(call), true);
}

void Client::pause(Endpoint& endpoint) {
  endpoint.paused = true;
  endpoint.paced_since.reset();
}
void Client::resume(Endpoint& endpoint) {
  endpoint.paused = false;
}

void Client::step(SteadyTime until) {
  state_->step(until);
}
void Client::stop(std::string reason) {
  state_->stop(std::move(reason));
}

bool Client::stopped() const noexcept {
  return state_->stopped;
}
const std::string& Client::stop_reason() const noexcept {
  return state_->stop_reason;
}
std::size_t Client::in_flight() const noexcept {
  return state_->in_flight.size();
}
std::size_t Client::waiting() const noexcept {
  return state_->waiting;
}
double Client::rate(const Endpoint& endpoint) const noexcept {
  return endpoint.pacer.rate();
}

}  // namespace pipeline::http
