#include "sync_experiment.h"

#include "machine.h"
#include "sync_cases.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>

namespace pipeline::bench {
namespace {

constexpr const char* kMatrix = "matrix";

struct Case {
  const char* name;
  bool in_smoke;
  void (*run)(const Trial&);
};

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

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Case& each : kCases) names.emplace_back(each.name);
  names.emplace_back(kMatrix);
  return names;
}

// A case named on the command line is run whether or not it belongs to the short form.
bool is_wanted(const Settings& settings, const char* name, bool in_smoke) {
  if (settings.cases.empty()) return !settings.smoke || in_smoke;
  return std::ranges::find(settings.cases, name) != settings.cases.end();
}

// A case that breaks is a case that does not hold; the others are run all the same.
void guard(Report& report, const char* name, const std::function<void()>& run) {
  try {
    run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    report.add(name, "runs that broke off", 1, "", exactly(0));
  }
}

bool run(const Settings& settings) {
  const std::string machine = describe_machine();
  fmt::print("{}\n", machine);
  Report report;
  for (int i = 0; i < settings.repeat; ++i) {
    for (const Case& each : kCases) {
      if (!is_wanted(settings, each.name, each.in_smoke)) continue;
      guard(report, each.name, [&] { each.run({report, each.name, settings.smoke}); });
    }
  }
  if (is_wanted(settings, kMatrix, true)) guard(report, kMatrix, [&] { sync_matrix(settings, machine, report); });
  report.print_verdicts();
  const auto path = settings.out / "sync-cases.csv";
  write_table(path, machine, report.csv());
  fmt::print("All values are in {}\n", path.string());
  return report.holds();
}

}  // namespace

Experiment sync_experiment() {
  return {"sync", "Rate limits, incremental mode, throughput, the plan's case and its matrix", names(), run};
}

}  // namespace pipeline::bench
