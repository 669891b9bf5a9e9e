#include "package_experiment.h"

#include "package_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"pictures", true, package_pictures, true}, Case{"keyframes", true, package_keyframes, true},
    Case{"mixed", true, package_mixed, true},       Case{"unchanged", true, package_unchanged, true},
    Case{"jobs", true, package_jobs, true},         Case{"memory", false, package_memory, true},
};
constexpr CaseSet kSet{"package", kCases, package_matrix};

bool run(const Settings& settings) {
  return run_cases(kSet, settings);
}

}  // namespace

Experiment package_experiment() {
  return {kSet.experiment, "Posts with pictures and videos, unchanged posts, cores, memory, and the plan's matrix",
          names_of(kSet), run};
}

}  // namespace pipeline::bench
