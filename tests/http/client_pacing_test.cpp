// The client, the pacer and a gateway's bucket together, in virtual time.
#include "pipeline/http/client.h"

#include "http/client_fixture.h"
#include "http/paced_run.h"

#include <gtest/gtest.h>

#include <random>

namespace pipeline::http {
namespace {

using std::chrono::milliseconds;
using test::Discipline;
using test::FakeClock;
using test::Gateway;
using test::VirtualReply;
using test::VirtualTransport;

constexpr int kDetails = 1000;

// 1,000 details over 60 ± 20 ms, ten in flight: the figures the issue names.
struct World {
  explicit World(Gateway::Options options, unsigned seed = 1) : gateway(options), random(seed) {}

  VirtualReply reply() {
    const Gateway::Answer answer = gateway.ask(to_seconds(clock.now() - began));
    VirtualReply out;
    out.response.status = answer.refused ? 429 : 200;
    out.response.body = std::to_string(answer.signal.replenish_rate.value_or(0)) + " " +
                        std::to_string(answer.signal.burst_capacity.value_or(0)) + " " +
                        std::to_string(answer.signal.remaining.value_or(0));
    out.latency = half_way();
    return out;
  }
  Nanoseconds half_way() { return std::chrono::microseconds(std::uniform_int_distribution(20'000, 40'000)(random)); }

  double run() {
    Endpoint& endpoint =
        client.add_endpoint({.name = "detail",
                             .timer = "detail_fetch_seconds",
                             .classify =
                                 [](const Response& response) {
                                   Verdict verdict;
                                   if (response.status == 429) verdict.kind = Verdict::Kind::throttled;
                                   return verdict;
                                 },
                             .rate_signal =
                                 [](const Response& response) {
                                   double rate = 0, burst = 0, remaining = 0;
                                   std::sscanf(response.body.c_str(), "%lf %lf %lf", &rate, &burst, &remaining);
                                   return rate > 0 ? RateSignal{rate, burst, remaining} : RateSignal{};
                                 },
                             .pacer = {}});
    for (int i = 0; i < kDetails; ++i) {
      client.submit(endpoint, {.make = [](const Attempt&) { return Request{}; },
                               .done = [this](Result result) { succeeded += result.kind == Result::Kind::success; },
                               .sku = std::to_string(i)});
    }
    while (!client.idle()) client.step(SteadyTime::max());
    return to_seconds(clock.now() - began);
  }

  [[nodiscard]] metrics::Row row(std::string_view metric) const {
    for (const metrics::Row& row : metrics.rows()) {
      if (row.metric == metric) return row;
    }
    return {};
  }

  FakeClock clock;
  const SteadyTime began = clock.now();
  Gateway gateway;
  std::mt19937 random;
  metrics::Metrics metrics{clock};
  VirtualTransport transport{clock, [this](const Request&) { return reply(); }, [this] { return half_way(); }};
  Client client{transport, clock, metrics, {}};
  int succeeded = 0;
};

TEST(ClientPacing, UsesTheBucketUpWithoutARefusal) {
  for (const Discipline discipline : {Discipline::continuous, Discipline::ticks}) {
    for (const double rate : {2.0, 20.0, 50.0}) {
      for (unsigned seed = 0; seed < 10; ++seed) {
        World world({.discipline = discipline, .rate = rate, .capacity = 2 * rate, .phase = (seed + 0.5) / 10}, seed);
        const double seconds = world.run();
        ASSERT_EQ(world.succeeded, kDetails);
        ASSERT_EQ(world.row("api_429_total").sum, 0) << "rate " << rate << " seed " << seed;
        ASSERT_LE(seconds, 1.03 * (kDetails - 2 * rate) / rate + 1) << "rate " << rate << " seed " << seed;
      }
    }
  }
}

TEST(ClientPacing, IsBoundByLatencyAloneWithoutALimit) {
  for (const bool named : {true, false}) {
    World world({.rate = 1e6, .capacity = 2e6, .names_bucket = named});
    const double seconds = world.run();
    EXPECT_GE(kDetails / seconds, 0.95 * 10 / 0.060) << "named " << named;
    EXPECT_EQ(world.row("api_429_total").sum, 0);
  }
}

TEST(ClientPacing, WaitingForTheBucketIsTimed) {
  World world({.rate = 50, .capacity = 100});
  const double seconds = world.run();
  const metrics::Row wait = world.row("pace_wait_seconds");
  EXPECT_GT(wait.count, 800U);
  EXPECT_NEAR(wait.sum, seconds, 0.1 * seconds);
}

}  // namespace
}  // namespace pipeline::http
