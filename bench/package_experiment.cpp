#include "package_experiment.h"

#include "package_cases.h"

#include <array>

namespace pipeline::bench {
namespace {

constexpr std::array kCases{
    Case{"pictures", Form::full, package_pictures, true},
    Case{"keyframes", Form::full, package_keyframes, true},
    Case{"mixed", Form::full, package_mixed, true},
    Case{"unchanged", Form::full, package_unchanged, true},
    Case{"jobs", Form::full, package_jobs, true},
    Case{"memory", Form::full, package_memory, true},
    Case{"guard-pictures", Form::smoke, guard_pictures, true},
    Case{"guard-keyframes", Form::smoke, guard_keyframes, true},
    Case{"guard-unchanged", Form::smoke, guard_unchanged_posts, true},
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
