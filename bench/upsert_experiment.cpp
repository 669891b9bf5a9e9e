#include "upsert_experiment.h"

#include "upsert_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"first-load", true, upsert_first_load, true}, Case{"unchanged", true, upsert_unchanged, true},
    Case{"scattered", true, upsert_scattered, true},   Case{"commits", true, upsert_commits, true},
    Case{"plan-case", true, upsert_plan_case, true},
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
