#include "sync_experiment.h"

#include "sync_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"first-R20", false, first_at_20},
    Case{"first-R50", false, first_at_50},
    Case{"first-R20-ticks", false, first_at_20_ticks},
    Case{"first-R50-ticks", false, first_at_50_ticks},
    Case{"rate-change", false, rate_change},
    Case{"unchanged", true, unchanged},
    Case{"edited-10", true, edited},
    Case{"throughput", true, throughput},
    Case{"throughput-plain", false, throughput_plain},
    Case{"latency", true, latency},
    Case{"plan-case", true, plan_case},
    Case{"plan-case-ticks", true, plan_case_ticks},
    Case{"unchanged-100k", false, unchanged_large},
};
constexpr CaseSet kSet{"sync", kCases, sync_matrix};

bool run(const Settings& settings) {
  return run_cases(kSet, settings);
}

}  // namespace

Experiment sync_experiment() {
  return {kSet.experiment, "Rate limits, incremental mode, throughput, the plan's case and its matrix", names_of(kSet),
          run};
}

}  // namespace pipeline::bench
