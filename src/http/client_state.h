#pragma once

#include "pipeline/http/client.h"

#include "endpoint.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::http {

struct InFlight {
  JobPtr job;
  Pacer::Ticket ticket;
  SteadyTime sent;
  bool is_probe;  // sent while the breaker was open
};

// client.cpp sends calls and hands out their answers; doubt.cpp finds out whether a call failed by itself or the server
// is down, and waits for it.
struct Client::State {
  State(Transport& transport_in, const Clock& clock_in, metrics::Metrics& metrics_in, ClientOptions options_in)
      : transport(transport_in),
        clock(clock_in),
        metrics(metrics_in),
        options(std::move(options_in)),
        backoff(options.backoff, options.seed) {}

  void submit(Endpoint& endpoint, Call call, bool first);
  void step(SteadyTime until);
  void stop(std::string reason, StopCause why);

  [[nodiscard]] bool past_deadline(SteadyTime when) const noexcept {
    return options.deadline && when >= *options.deadline;
  }
  [[nodiscard]] std::size_t waiting() const noexcept;
  void pass_deadline();
  void collect_due(SteadyTime now);

  // --- sending ---
  [[nodiscard]] SteadyTime send_ready(SteadyTime now);
  void send_next(std::deque<JobPtr>& line, SteadyTime now);
  void send(JobPtr job, Request request, SteadyTime now);
  [[nodiscard]] bool send_probe(Endpoint& endpoint, SteadyTime now);

  // --- answers ---
  void handle(Completion completion, SteadyTime now);
  void record(Endpoint& endpoint, const Job& job, const Response& response);
  void throttled(InFlight flight, const Verdict& verdict, SteadyTime now);
  void trouble(InFlight flight, const Verdict& verdict, SteadyTime now);
  void repeat(JobPtr job, const Verdict& verdict, SteadyTime now);
  void redirect(JobPtr job, const Verdict& verdict);

  // --- is it the call or the server? ---
  void answered(Endpoint& endpoint, SteadyTime sent, SteadyTime now);
  void settle_doubt(Endpoint& endpoint, SteadyTime now);
  void probe_failed(Endpoint& endpoint, SteadyTime now);
  void await_server(Endpoint& endpoint, SteadyTime now);
  void obey_retry_after(Endpoint& endpoint, SteadyTime now);
  [[nodiscard]] static SteadyTime trouble_since(const Endpoint& endpoint, SteadyTime now);
  [[nodiscard]] SteadyTime patience_end(const Endpoint& endpoint, SteadyTime now) const;
  [[nodiscard]] SteadyTime next_try(const Endpoint& endpoint, SteadyTime now) const noexcept;
  void end_by_outage(Endpoint& endpoint, SteadyTime now);
  void end_by_refusals(const Endpoint& endpoint);

  // --- ends ---
  void end_all(std::vector<JobPtr> jobs, const std::string& reason);
  [[nodiscard]] std::vector<JobPtr> take_waiting();
  void finish(JobPtr job, Result::Kind kind, std::string reason);

  Transport& transport;
  const Clock& clock;
  metrics::Metrics& metrics;
  const ClientOptions options;
  Backoff backoff;

  std::vector<std::unique_ptr<Endpoint>> endpoints;
  std::size_t turn = 0;  // the endpoint that is asked first
  std::multimap<SteadyTime, JobPtr> delayed;
  std::map<std::uint64_t, InFlight> in_flight;  // by the transport's id, which is the order sent
  std::uint64_t last_id = 0;
  bool stopped = false;
  StopCause stop_cause = StopCause::none;
  std::string stop_reason;
};

}  // namespace pipeline::http
