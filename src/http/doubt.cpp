#include "pipeline/base/kst_time.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "client_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace pipeline::http {

namespace {

// Even one that was answered an hour ago may be refused by itself.
constexpr int kRefusedProbes = 3;
constexpr auto kLongWait = std::chrono::seconds(5);  // one that people are told of

}  // namespace

// The server answered a call that was sent at `sent`: what failed before that failed by itself. A refusal is final
// then, and anything else has one attempt left.
void Client::State::answered(Endpoint& endpoint, SteadyTime sent, SteadyTime now) {
  if (!endpoint.in_doubt()) return;
  endpoint.breaker.succeeded();
  endpoint.refused_probes = 0;
  if (endpoint.outage_since) {
    const Nanoseconds lasted = now - *endpoint.outage_since;
    metrics.record(endpoint.outage_wait, *endpoint.outage_since, lasted);
    endpoint.outage_since.reset();
    log::warn("{}: the server answers again after {}", endpoint.options.name, format_duration(to_seconds(lasted)));
  }
  std::vector<JobPtr> refused;
  for (JobPtr& job : endpoint.held) {
    if (job->held_since > sent) continue;
    job->is_last = true;
    if (job->is_refused) {
      refused.push_back(std::move(job));
    } else {
      endpoint.first.push_back(std::move(job));
    }
  }
  std::erase(endpoint.held, nullptr);
  for (JobPtr& job : refused) {
    std::string reason = job->trouble;
    finish(std::move(job), Result::Kind::failed, std::move(reason));
  }
}

// Calls failed, and none is left whose answer could tell why: then the server is asked.
void Client::State::settle_doubt(Endpoint& endpoint, SteadyTime now) {
  if (stopped || !endpoint.in_doubt() || endpoint.breaker.is_open() || endpoint.paused) return;
  if (endpoint.in_flight > 0 || endpoint.waiting() == 0 || endpoint.has_untried()) return;
  if (endpoint.knows_good()) {
    if (endpoint.held.size() == endpoint.waiting()) endpoint.breaker.open(now);
    return;
  }
  endpoint.release_held();
  if (endpoint.held.size() == endpoint.waiting()) return end_by_refusals(endpoint);
  endpoint.breaker.open(now + options.breaker.first_pause);
  await_server(endpoint, now);
}

// One call to ask whether the server answers: a known good one, else one that was not tried yet, else one that failed.
bool Client::State::send_probe(Endpoint& endpoint, SteadyTime now) {
  if (endpoint.knows_good()) {
    auto job = std::make_unique<Job>(Job{.endpoint = &endpoint, .call = {}, .is_probe = true});
    job->call.done = [](const Result&) {};
    send(std::move(job), *std::exchange(endpoint.good_request, std::nullopt), now);
    return true;
  }
  if (!endpoint.in_line()) endpoint.release_held();
  if (endpoint.in_line()) {
    send_next(endpoint.fresh.empty() ? endpoint.first : endpoint.fresh, now);
    return true;
  }
  if (endpoint.delayed == 0 && endpoint.in_flight == 0) end_by_refusals(endpoint);
  return false;
}

void Client::State::probe_failed(Endpoint& endpoint, SteadyTime now) {
  if (endpoint.trouble.kind == Verdict::Kind::refused) {
    if (++endpoint.refused_probes >= kRefusedProbes) return end_by_refusals(endpoint);
    return endpoint.breaker.probe_told_nothing();
  }
  const SteadyTime end = patience_end(endpoint, now);
  if (now >= end) return end_by_outage(endpoint, now);
  endpoint.breaker.probe_failed(now, end);
  await_server(endpoint, now);
}

void Client::State::await_server(Endpoint& endpoint, SteadyTime now) {
  const SteadyTime next = next_try(endpoint, now);
  if (past_deadline(next)) return end_by_outage(endpoint, now);
  if (endpoint.outage_since) return;
  endpoint.outage_since = now;
  const auto at = [&](SteadyTime time) {
    return format_kst_time(clock.wall() + std::chrono::ceil<std::chrono::milliseconds>(time - now));
  };
  log::warn("{}: {}. Waiting for the server: next try at {}, then with growing pauses until {} (--retry-for)",
            endpoint.options.name, endpoint.trouble.reason, at(next), at(patience_end(endpoint, now)));
}

void Client::State::obey_retry_after(Endpoint& endpoint, SteadyTime now) {
  const Nanoseconds wait = *endpoint.trouble.retry_after;
  const bool is_news = endpoint.blocked_until <= now && wait >= kLongWait;
  endpoint.blocked_until = std::max(endpoint.blocked_until, now + wait);
  const bool is_late = past_deadline(endpoint.blocked_until);
  const bool is_bearable = !is_late && endpoint.blocked_until <= patience_end(endpoint, now);
  if (is_bearable && !is_news) return;
  const std::string until = format_kst(clock.wall() + std::chrono::ceil<std::chrono::milliseconds>(wait));
  const std::string& why = endpoint.trouble.reason;
  if (is_bearable)
    return log::warn("{}: the server asks to wait until {} (Retry-After): {}", endpoint.options.name, until, why);
  stop(is_late ? fmt::format("{}: the server asks to wait until {} (Retry-After), which is after --deadline: run again "
                             "then; {}",
                             endpoint.options.name, until, why)
               : fmt::format("{}: the server asks to wait until {} (Retry-After), which is longer than --retry-for "
                             "leaves: run again then; {}",
                             endpoint.options.name, until, why),
       StopCause::wait_long);
}

SteadyTime Client::State::trouble_since(const Endpoint& endpoint, SteadyTime now) {
  return endpoint.breaker.failures() > 0 ? endpoint.breaker.since() : endpoint.outage_since.value_or(now);
}

SteadyTime Client::State::patience_end(const Endpoint& endpoint, SteadyTime now) const {
  return trouble_since(endpoint, now) +
         std::min(options.patience, endpoint.trouble.patience.value_or(options.patience));
}

SteadyTime Client::State::next_try(const Endpoint& endpoint, SteadyTime now) const noexcept {
  return std::max(endpoint.breaker.next(now), endpoint.blocked_until);
}

void Client::State::end_by_outage(Endpoint& endpoint, SteadyTime now) {
  const Verdict& trouble = endpoint.trouble;
  if (endpoint.outage_since) metrics.record(endpoint.outage_wait, *endpoint.outage_since, now - *endpoint.outage_since);
  const bool by_deadline = now < patience_end(endpoint, now);
  stop(fmt::format("{}: no call succeeded for {}{}; last: {}", endpoint.options.name,
                   format_duration(to_seconds(now - trouble_since(endpoint, now))),
                   by_deadline ? ", and the next try would come after --deadline" : " (--retry-for)",
                   trouble.lasting.empty() ? trouble.reason : trouble.lasting),
       StopCause::outage);
}

void Client::State::end_by_refusals(const Endpoint& endpoint) {
  stop(endpoint.refusal.lasting.empty() ? endpoint.refusal.reason : endpoint.refusal.lasting, StopCause::verdict);
}

}  // namespace pipeline::http
