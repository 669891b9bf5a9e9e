// What timing a stage costs: the budget is 150 ns and no allocation. Run it from a release build, as every figure here
// means little in another:   build/release/bin/timer_bench
// With two threads `CPU` is the time of a call; `Time` is the wall time divided by the calls of both.
#include "pipeline/metrics/metrics.h"

#include "metrics/allocations.h"

#include <benchmark/benchmark.h>

#include <memory>

namespace pipeline::metrics {
namespace {

constexpr int kIterations = 1'000'000;  // the same for all, so that the temporary file stays small
constexpr int kRepetitions = 7;

const SystemClock system_clock;
std::unique_ptr<Metrics> metrics;  // one for all threads of a run

void begin(const benchmark::State&) {
  metrics = std::make_unique<Metrics>(system_clock);
}
void end(const benchmark::State&) {
  metrics.reset();
}

// Runs `stage` and reports its allocations.
template <typename Stage>
void measure(benchmark::State& state, Stage stage) {
  const std::uint64_t before = test::allocations().calls;
  for (auto _ : state) stage();
  state.counters["allocs/op"] =
      benchmark::Counter(static_cast<double>(test::allocations().calls - before),
                         benchmark::Counter::kAvgThreads | benchmark::Counter::kAvgIterations);
}

void two_clock_reads(benchmark::State& state) {
  const Clock& clock = system_clock;
  measure(state, [&] { benchmark::DoNotOptimize(clock.now() - clock.now()); });
}

void scoped_timer(benchmark::State& state) {
  const Timer timer = metrics->timer("detail_fetch_seconds");
  measure(state, [&] { const auto timed = metrics->time(timer); });
}

void scoped_timer_with_tags(benchmark::State& state) {
  const Timer timer = metrics->timer("detail_fetch_seconds");
  measure(state, [&] { const auto timed = metrics->time(timer, {.content_id = "POST001", .sku = "11234567890"}); });
}

void counter_add(benchmark::State& state) {
  Counter counter = metrics->counter("api_requests_total");
  measure(state, [&] { counter.add(); });
}

void settings(benchmark::internal::Benchmark* bench) {
  bench->Setup(begin)->Teardown(end)->Iterations(kIterations)->Repetitions(kRepetitions)->ReportAggregatesOnly();
  bench->Threads(1)->Threads(2);
}

BENCHMARK(two_clock_reads)->Apply(settings);
BENCHMARK(scoped_timer)->Apply(settings);
BENCHMARK(scoped_timer_with_tags)->Apply(settings);
BENCHMARK(counter_add)->Apply(settings);

}  // namespace
}  // namespace pipeline::metrics

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("compiler", "g++ " __VERSION__);
#ifdef NDEBUG
  benchmark::AddCustomContext("build", "optimised (NDEBUG)");
#else
  benchmark::AddCustomContext("build", "NOT a release build");
#endif
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
