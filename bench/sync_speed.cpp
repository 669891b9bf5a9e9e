#include "bare_loop.h"
#include "sync_cases.h"
#include "sync_place.h"

#include <fmt/format.h>

namespace pipeline::bench {
namespace {

constexpr int kWorkers = 10;  // the executable's own default

// From the first detail asked for to the last one committed.
double details_per_second(const Run& run) {
  const Span fetched = run.span("detail_fetch_seconds");
  const Span written = run.span("db_txn_seconds");
  return static_cast<double>(fetched.count) / (written.to - fetched.from);
}

// The store is one process, its clients another each: the bare loop here, the executable there. They take turns.
void compare_with_bare_loop(const Trial& trial, std::vector<std::string> options) {
  const int products = trial.smoke ? 2000 : 5000;
  constexpr int kRounds = 5;
  const double bound = trial.smoke ? 0.2 : 0.25;  // short runs are noisy ones
  options.insert(options.end(), {"--products", std::to_string(products)});
  const StoreProcess store(options);
  const auto urls = store.detail_urls();
  const auto token = store.token();
  (void)run_bare_loop(urls, token, kWorkers);  // so that the store has rendered what it keeps
  for (int i = 0; i < kRounds; ++i) {
    const double bare = static_cast<double>(urls.size()) / run_bare_loop(urls, token, kWorkers);
    const double ours = details_per_second(SyncPlace(store).sync());
    trial.add("bare curl loop", bare, "details/s");
    trial.add("sync", ours, "details/s");
    trial.add("sync to bare loop", ours / bare, "", at_least(bound));
  }
}

}  // namespace

void throughput(const Trial& trial) {
  compare_with_bare_loop(trial, {});
}
void throughput_plain(const Trial& trial) {
  compare_with_bare_loop(trial, {"--no-gzip"});
}

void latency(const Trial& trial) {
  constexpr double kLatency = 0.060;
  const int products = trial.smoke ? 1000 : 3000;
  const double share = trial.smoke ? 0.93 : 0.97;  // the first round, which goes alone, weighs more in a short run
  const StoreProcess store({"--products", std::to_string(products), "--latency-ms", "60"});
  const SyncPlace place(store);
  const Run run = place.sync();
  const Span details = run.span("detail_fetch_seconds");
  trial.add("details", static_cast<double>(details.count) / details.seconds(), "details/s",
            at_least(share * kWorkers / kLatency));
  trial.add("detail p50", 1000 * run.metric("detail_fetch_seconds", "p50"), "ms");
  trial.add("detail p95", 1000 * run.metric("detail_fetch_seconds", "p95"), "ms");
}

}  // namespace pipeline::bench
