#include "sync_cases.h"
#include "sync_place.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <random>
#include <thread>

namespace pipeline::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::seconds;

enum class Bucket { continuous, ticks };

std::vector<std::string> store_options(int products, int rate) {
  return {"--products", std::to_string(products), "--rate", std::to_string(rate), "--latency-ms", "60", "--jitter-ms",
          "20"};
}

double share_of_429(const nlohmann::json& stats) {
  return 100 * stats.at("rate_limited").get<double>() / stats.at("requests").get<double>();
}

double random_phase_ms() {
  std::random_device device;
  return std::uniform_real_distribution(0.0, 1000.0)(device);
}

// A full bucket gives 2R at once and R a second after that. The second on top is for the first answer, which goes
// alone, for the reserve, and for the last answer.
Bound by_bucket(double details, double rate) {
  return at_most(1.03 * (details - 2 * rate) / rate + 1);
}

void first_sync(const Trial& trial, int rate, Bucket bucket) {
  auto options = store_options(1000, rate);
  if (bucket == Bucket::ticks) {
    const double phase = random_phase_ms();
    trial.add("first tick after", phase, "ms");
    options.insert(options.end(), {"--discipline", "second-ticks", "--tick-phase-ms", fmt::format("{}", phase)});
  }
  const StoreProcess store(options);
  const SyncPlace place(store);
  const Run run = place.sync();
  const auto stats = store.stats();
  const Span details = run.span("detail_fetch_seconds");
  const double listed = run.count("listed");
  trial.add("429 answers", stats.at("rate_limited"), "", exactly(0));
  trial.add("details fetched", requests_to(stats, "detail", "200"), "", exactly(listed));
  trial.add("detail phase", details.seconds(), "s", bucket == Bucket::continuous ? by_bucket(listed, rate) : Bound{});
}

// Details a second that the store served between two and four seconds from now.
double settled_pace(const StoreProcess& store) {
  const auto served = [&] { return requests_to(store.stats(), "detail", "200"); };
  std::this_thread::sleep_for(seconds(2));
  const auto began = SteadyClock::now();
  const double before = served();
  std::this_thread::sleep_until(began + seconds(2));
  const double after = served();
  return (after - before) / std::chrono::duration<double>(SteadyClock::now() - began).count();
}

// The share by which a pace misses the one that the store allows.
double miss(double pace, double rate) {
  return 100 * std::abs(pace - rate) / rate;
}

}  // namespace

void first_at_20(const Trial& trial) {
  first_sync(trial, 20, Bucket::continuous);
}
void first_at_50(const Trial& trial) {
  first_sync(trial, 50, Bucket::continuous);
}
void first_at_20_ticks(const Trial& trial) {
  first_sync(trial, 20, Bucket::ticks);
}
void first_at_50_ticks(const Trial& trial) {
  first_sync(trial, 50, Bucket::ticks);
}

void rate_change(const Trial& trial) {
  constexpr double kRate = 60;
  const StoreProcess store(store_options(1600, static_cast<int>(kRate)));
  const SyncPlace place(store);
  PipelineProcess sync = place.start();
  std::this_thread::sleep_for(seconds(5));
  for (const double rate : {kRate / 2, kRate * 2}) {
    (void)store.control("rate", {{"target", "channel_detail"}, {"rate", rate}});
    const double pace = settled_pace(store);
    trial.add(fmt::format("pace 2 s after R became {}", rate), pace, "details/s");
    trial.add(fmt::format("its distance from {}", rate), miss(pace, rate), "%", at_most(5));
  }
  (void)sync.wait();
  trial.add("429 answers", share_of_429(store.stats()), "%", at_most(1));
}

}  // namespace pipeline::bench
