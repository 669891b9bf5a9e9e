#include "upsert_experiment.h"

#include "upsert_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"first-load", Form::full, upsert_first_load, true},
    Case{"unchanged", Form::full, upsert_unchanged, true},
    Case{"scattered", Form::full, upsert_scattered, true},
    Case{"commits", Form::full, upsert_commits, true},
    Case{"plan-case", Form::full, upsert_plan_case, true},
    Case{"guard-first-load", Form::smoke, guard_first_load, true},
    Case{"guard-unchanged", Form::smoke, guard_unchanged, true},
    Case{"guard-scattered", Form::smoke, guard_scattered, true},
};
constexpr CaseSet kSet{"upsert", kCases, upsert_matrix};

bool run(const Settings& settings) {
  return run_cases(kSet, settings);
}

}  // namespace

Experiment upsert_experiment() {
  return {kSet.experiment, "First load, unchanged and changed files, commits, memory, the plan's case and its matrix",
          names_of(kSet), run};
}

}  // namespace pipeline::bench
