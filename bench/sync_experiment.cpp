#include "sync_experiment.h"

#include "sync_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"first-R20", Form::full, first_at_20},
    Case{"first-R50", Form::full, first_at_50},
    Case{"first-R20-ticks", Form::full, first_at_20_ticks},
    Case{"first-R50-ticks", Form::full, first_at_50_ticks},
    Case{"rate-change", Form::full, rate_change},
    Case{"unchanged", Form::both, unchanged},
    Case{"edited-10", Form::both, edited},
    Case{"throughput", Form::full, throughput},
    Case{"throughput-plain", Form::full, throughput_plain},
    Case{"latency", Form::full, latency},
    Case{"plan-case", Form::both, plan_case},
    Case{"plan-case-ticks", Form::both, plan_case_ticks},
    Case{"unchanged-100k", Form::full, unchanged_large},
    Case{"guard-details", Form::smoke, guard_details, true},
    Case{"guard-wire", Form::smoke, guard_wire, true},
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
