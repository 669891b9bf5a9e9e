#include "pipeline/http/client.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "client_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace pipeline::http {

namespace {

constexpr int kMaxRedirects = 3;

}  // namespace

void Client::State::submit(Endpoint& endpoint, Call call, bool first) {
  auto job = std::make_unique<Job>(Job{.endpoint = &endpoint, .call = std::move(call)});
  if (stopped) return finish(std::move(job), Result::Kind::skipped, stop_reason);
  if (first) {
    endpoint.first.push_front(std::move(job));
  } else {
    endpoint.fresh.push_back(std::move(job));
  }
}

std::size_t Client::State::waiting() const noexcept {
  std::size_t sum = 0;
  for (const auto& endpoint : endpoints) sum += endpoint->waiting();
  return sum;
}

void Client::State::step(SteadyTime until) {
  if (stopped) return;
  const SteadyTime now = clock.now();
  SteadyTime wake = until;
  if (past_deadline(now)) {
    if (waiting() > 0) return pass_deadline();
  } else {
    collect_due(now);
    for (const auto& endpoint : endpoints) settle_doubt(*endpoint, now);
    wake = std::min(wake, send_ready(now));
    if (stopped) return;
  }
  if (in_flight.empty() && wake == SteadyTime::max()) return;  // nothing can ever happen

  std::vector<Completion> ended;
  transport.poll(wake, ended);
  const SteadyTime arrived = clock.now();
  for (Completion& completion : ended) handle(std::move(completion), arrived);
}

void Client::State::pass_deadline() {
  for (const auto& endpoint : endpoints)
    if (endpoint->outage_since && endpoint->waiting() > 0) return end_by_outage(*endpoint, clock.now());
  end_all(take_waiting(), "deadline");
}

void Client::State::collect_due(SteadyTime now) {
  while (!delayed.empty() && delayed.begin()->first <= now) {
    JobPtr job = std::move(delayed.begin()->second);
    delayed.erase(delayed.begin());
    Endpoint& endpoint = *job->endpoint;
    --endpoint.delayed;
    if (job->retries >= options.max_retries && !job->call.spare) {
      job->held_since = now;
      endpoint.held.push_back(std::move(job));
    } else {
      endpoint.first.push_back(std::move(job));
    }
  }
}

// Sends one call an endpoint in turn until no more may go, and tells when to look again.
SteadyTime Client::State::send_ready(SteadyTime now) {
  const auto limit = static_cast<std::size_t>(std::max(1, options.max_in_flight));
  SteadyTime wake = SteadyTime::max();
  for (std::size_t idle = 0; idle < endpoints.size() && in_flight.size() < limit && !stopped;
       turn = (turn + 1) % endpoints.size()) {
    Endpoint& endpoint = *endpoints[turn];
    ++idle;
    if (!endpoint.has_next()) continue;
    const SteadyTime healthy = next_try(endpoint, now);
    const SteadyTime paced = endpoint.pacer.next(now);
    if (healthy > now || paced > now) {
      if (healthy <= now && !endpoint.paced_since) endpoint.paced_since = now;
      wake = std::min(wake, std::max(healthy, paced));
      continue;
    }
    if (!endpoint.breaker.is_open()) {
      send_next(endpoint.line(), now);
    } else if (!send_probe(endpoint, now)) {
      continue;
    }
    idle = 0;
    wake = SteadyTime::max();  // all are asked once more
  }
  if (in_flight.size() >= limit) wake = SteadyTime::max();
  if (!delayed.empty()) wake = std::min(wake, delayed.begin()->first);
  if (options.deadline && waiting() > 0) wake = std::min(wake, *options.deadline);
  return wake;
}

void Client::State::send_next(std::deque<JobPtr>& line, SteadyTime now) {
  Job& next = *line.front();
  // May throw: the call then still stands in line.
  Request request = next.call.make(Attempt{next.attempts + 1, next.location});
  JobPtr job = std::move(line.front());
  line.pop_front();
  send(std::move(job), std::move(request), now);
}

void Client::State::send(JobPtr job, Request request, SteadyTime now) {
  Endpoint& endpoint = *job->endpoint;
  ++job->attempts;
  if (endpoint.paced_since) {
    metrics.record(endpoint.pace_wait, *endpoint.paced_since, now - *endpoint.paced_since, {.sku = job->call.sku});
    endpoint.paced_since.reset();
  }
  const Pacer::Ticket ticket = endpoint.pacer.take(now);
  const bool is_probe = endpoint.breaker.is_open();
  if (is_probe) endpoint.breaker.probe_started();
  ++endpoint.in_flight;
  in_flight.emplace_hint(in_flight.end(), ++last_id, InFlight{std::move(job), ticket, now, is_probe});
  transport.start(last_id, std::move(request));
}

void Client::State::handle(Completion completion, SteadyTime now) {
  const auto found = in_flight.find(completion.id);
  if (found == in_flight.end()) return;  // stopped by the done() of one that ended with it
  InFlight flight = std::move(found->second);
  in_flight.erase(found);
  Endpoint& endpoint = *flight.job->endpoint;
  --endpoint.in_flight;
  Response& response = flight.job->last;
  response = std::move(completion.response);
  record(endpoint, *flight.job, response);

  const Verdict verdict = endpoint.options.classify(response);
  if (!response.fault.empty()) {
    endpoint.pacer.lost(flight.ticket, now);
  } else if (verdict.kind == Verdict::Kind::throttled) {
    endpoint.pacer.refused(flight.ticket, now, endpoint.options.rate_signal(response), verdict.retry_after);
    return throttled(std::move(flight), verdict, now);
  } else {
    endpoint.pacer.answered(flight.ticket, now, endpoint.options.rate_signal(response));
  }
  if (verdict.kind == Verdict::Kind::retry || verdict.kind == Verdict::Kind::refused)
    return trouble(std::move(flight), verdict, now);

  if (response.fault.empty()) answered(endpoint, flight.sent, now);
  JobPtr job = std::move(flight.job);
  switch (verdict.kind) {
    case Verdict::Kind::redirect:
      if (!job->is_probe) redirect(std::move(job), verdict);
      return;
    case Verdict::Kind::success:
      return finish(std::move(job), Result::Kind::success, {});
    default:
      finish(std::move(job), Result::Kind::failed, verdict.reason);
      if (verdict.kind == Verdict::Kind::stop) stop(verdict.reason, StopCause::verdict);
  }
}

void Client::State::record(Endpoint& endpoint, const Job& job, const Response& response) {
  metrics.record(endpoint.timer, response.started, response.took, {.sku = job.call.sku});
  endpoint.requests(response.fault.empty() ? response.status : 0).add();
  if (response.fault.empty() && response.status == 429) endpoint.refusals.add();
}

// Refused for its rate, which says nothing of the server's health: once more at the bucket's pace. A server that
// refuses again and again, whatever the pace, is waited for like one that is down.
void Client::State::throttled(InFlight flight, const Verdict& verdict, SteadyTime now) {
  Endpoint& endpoint = *flight.job->endpoint;
  if (flight.job->is_probe || flight.job->retries >= options.max_retries)
    return trouble(std::move(flight), verdict, now);
  JobPtr job = std::move(flight.job);
  if (flight.is_probe) endpoint.breaker.probe_told_nothing();
  job->trouble = verdict.reason;
  ++job->retries;
  const log::SkuScope scope(job->call.sku);
  log::debug("{}: attempt {} refused, again at the bucket's pace: {}", endpoint.options.name, job->attempts,
             verdict.reason);
  endpoint.retries.add();
  endpoint.first.push_front(std::move(job));
  if (!verdict.retry_after) return;
  endpoint.trouble = verdict;
  obey_retry_after(endpoint, now);
}

// The call failed, by its own or the server's fault.
void Client::State::trouble(InFlight flight, const Verdict& verdict, SteadyTime now) {
  JobPtr job = std::move(flight.job);
  Endpoint& endpoint = *job->endpoint;
  endpoint.trouble = verdict;
  job->trouble = verdict.reason;
  const bool spare = job->call.spare;
  if (!spare) endpoint.breaker.failed(job->counted, now);
  if (verdict.retry_after) {
    obey_retry_after(endpoint, now);
    if (stopped) return finish(std::move(job), Result::Kind::failed, verdict.reason);
  }
  if (verdict.kind == Verdict::Kind::refused) {
    endpoint.refusal = verdict;
    job->is_refused = true;
    job->held_since = now;
    if (!job->is_probe) endpoint.held.push_back(std::move(job));
  } else if (!job->is_probe && endpoint.breaker.is_open() && !spare) {
    endpoint.retries.add();
    endpoint.first.push_front(std::move(job));  // attempts made while the server is down do not count
  } else if (!job->is_probe && !job->is_last && !(spare && job->retries >= options.max_retries)) {
    repeat(std::exchange(job, nullptr), verdict, now);
  }
  if (flight.is_probe && endpoint.breaker.is_open()) probe_failed(endpoint, now);
  if (job && !job->is_probe) finish(std::move(job), Result::Kind::failed, verdict.reason);
}

void Client::State::repeat(JobPtr job, const Verdict& verdict, SteadyTime now) {
  Endpoint& endpoint = *job->endpoint;
  job->retries = std::min(job->retries + 1, std::max(1, options.max_retries));
  const Nanoseconds delay = std::max(backoff.delay(job->retries), verdict.retry_after.value_or(Nanoseconds(0)));
  if (past_deadline(now + delay)) return finish(std::move(job), Result::Kind::skipped, "deadline");
  const log::SkuScope scope(job->call.sku);
  log::debug("{}: attempt {} failed, again in {}: {}", endpoint.options.name, job->attempts,
             format_duration(to_seconds(delay)), verdict.reason);
  endpoint.retries.add();
  ++endpoint.delayed;
  delayed.emplace(now + delay, std::move(job));
}

void Client::State::redirect(JobPtr job, const Verdict& verdict) {
  if (++job->redirects > kMaxRedirects) {
    return finish(std::move(job), Result::Kind::failed, fmt::format("redirected more than {} times", kMaxRedirects));
  }
  job->location = verdict.location;
  Endpoint& endpoint = *job->endpoint;
  endpoint.first.push_front(std::move(job));
}

std::vector<JobPtr> Client::State::take_waiting() {
  std::vector<JobPtr> jobs;
  const auto take = [&jobs](auto& line) {
    std::move(line.begin(), line.end(), std::back_inserter(jobs));
    line.clear();
  };
  for (const auto& endpoint : endpoints) {
    take(endpoint->held);
    take(endpoint->first);
    take(endpoint->fresh);
    endpoint->delayed = 0;
    endpoint->paced_since.reset();
  }
  for (auto& [due, job] : delayed) jobs.push_back(std::move(job));
  delayed.clear();
  return jobs;
}

void Client::State::stop(std::string reason, StopCause why) {
  if (stopped) return;
  stopped = true;
  stop_cause = why;
  stop_reason = std::move(reason);
  transport.cancel_all();
  std::vector<JobPtr> jobs;
  for (auto& [id, sent] : in_flight) jobs.push_back(std::move(sent.job));
  in_flight.clear();
  for (const auto& endpoint : endpoints) endpoint->in_flight = 0;
  std::vector<JobPtr> unsent = take_waiting();
  std::move(unsent.begin(), unsent.end(), std::back_inserter(jobs));
  end_all(std::move(jobs), stop_reason);
}

// What was refused, or met the trouble that ended all, has an answer of its own; the rest was not reached.
void Client::State::end_all(std::vector<JobPtr> jobs, const std::string& reason) {
  const bool by_trouble = stop_cause == StopCause::outage || stop_cause == StopCause::wait_long;
  for (JobPtr& job : jobs) {
    const bool has_failed = job->is_refused || (by_trouble && !job->trouble.empty());
    std::string why = has_failed ? job->trouble : reason;
    finish(std::move(job), has_failed ? Result::Kind::failed : Result::Kind::skipped, std::move(why));
  }
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
  return *state_->endpoints.emplace_back(
      std::make_unique<Endpoint>(std::move(options), state_->options.breaker, state_->metrics));
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
  state_->stop(std::move(reason), StopCause::asked);
}

bool Client::stopped() const noexcept {
  return state_->stopped;
}
const std::string& Client::stop_reason() const noexcept {
  return state_->stop_reason;
}
StopCause Client::stop_cause() const noexcept {
  return state_->stop_cause;
}
std::size_t Client::in_flight() const noexcept {
  return state_->in_flight.size();
}
std::size_t Client::waiting() const noexcept {
  return state_->waiting();
}
std::size_t Client::in_trouble(const Endpoint& endpoint) const noexcept {
  return endpoint.held.size() + endpoint.delayed;
}
std::optional<Outage> Client::outage() const {
  const SteadyTime now = state_->clock.now();
  for (const auto& endpoint : state_->endpoints) {
    if (endpoint->waiting() == 0 || (!endpoint->outage_since && endpoint->blocked_until <= now)) continue;
    return Outage{endpoint->options.name, endpoint->trouble.reason, state_->next_try(*endpoint, now)};
  }
  return std::nullopt;
}
double Client::rate(const Endpoint& endpoint) const noexcept {
  return endpoint.pacer.rate();
}

}  // namespace pipeline::http
