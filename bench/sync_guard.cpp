#include "bare_loop.h"
#include "sync_cases.h"
#include "sync_place.h"
#include "timing.h"

#include <algorithm>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

constexpr int kGuardWorkers = 10;  // the executable's own default

// One loop alone is so short that the moment it runs in decides.
double processor_time_of_bare_loops(const std::vector<std::string>& urls, const std::string& token) {
  constexpr int kLoops = 4;
  return processor_seconds_of([&] { (void)run_bare_loop(urls, token, kGuardWorkers); }, kLoops);
}

// From the first detail asked for to the last one committed. What comes before and after depends on how busy the
// machine is more than on the program.
double seconds_of_details(const StoreProcess& store) {
  const SyncPlace place(store);
  const Run run = place.sync();
  return run.span("db_txn_seconds").to - run.span("detail_fetch_seconds").from;
}

}  // namespace

void guard_details(const Trial& trial) {
  const StoreProcess store({"--products", "1000"});
  const auto urls = store.detail_urls();
  const auto token = store.token();
  const double each = 1e6 / static_cast<double>(urls.size());
  (void)run_bare_loop(urls, token, kGuardWorkers);  // so that the store has rendered what it keeps
  in_rounds(trial, [&](int round) {
    double bare = 0;
    double first = 0;
    double again = 0;
    in_turns(round, {[&] { bare = processor_time_of_bare_loops(urls, token); },
                     [&] {
                       const SyncPlace place(store);
                       first = place.sync().processor_seconds;
                       again = (place.sync().processor_seconds + place.sync().processor_seconds) / 2;
                     }});
    trial.add("bare curl loop", bare * each, "us/detail");
    trial.add("first sync", first * each, "us/detail");
    trial.add("sync without changes", again * each, "us/product");
    trial.add("first sync to bare loop", first / bare, "", near_baseline());
    trial.add("sync without changes to bare loop", again / bare, "", near_baseline());
  });
}

// Ten requests are always under way: a detail comes every 1.6 ms, and takes a quarter of that of a core. What the
// program waits for besides, two milliseconds a detail, say, takes longer than that; processor time does not show it.
void guard_wire(const Trial& trial) {
  const StoreProcess store({"--products", "400", "--latency-ms", "16"});
  const auto urls = store.detail_urls();
  const auto token = store.token();
  (void)run_bare_loop(urls, token, kGuardWorkers);
  double least_bare = 0;
  double least_ours = 0;
  in_rounds(trial, [&](int round) {
    double bare = 0;
    double ours = 0;
    in_turns(round,
             {[&] { bare = run_bare_loop(urls, token, kGuardWorkers); }, [&] { ours = seconds_of_details(store); }});
    trial.add("bare curl loop", bare, "s");
    trial.add("details of a first sync", ours, "s");
    least_bare = round == 0 ? bare : std::min(least_bare, bare);
    least_ours = round == 0 ? ours : std::min(least_ours, ours);
  });
  // A busy machine only ever adds to a time on the wall: of each the best round.
  trial.add("details to bare loop at 16 ms", least_ours / least_bare, "", near_baseline());
}

}  // namespace pipeline::bench
