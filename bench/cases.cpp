#include "cases.h"

#include "machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace pipeline::bench {
namespace {

constexpr const char* kMatrix = "matrix";

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

}  // namespace

std::vector<std::string> names_of(const CaseSet& set) {
  std::vector<std::string> names;
  for (const Case& each : set.cases) names.emplace_back(each.name);
  names.emplace_back(kMatrix);
  return names;
}

bool run_cases(const CaseSet& set, const Settings& settings) {
  const std::string machine = describe_machine();
  fmt::print("{}\n", machine);
  Report report;
  for (int i = 0; i < settings.repeat; ++i) {
    for (const Case& each : set.cases) {
      if (!is_wanted(settings, each.name, each.in_smoke) || (each.repeats_itself && i > 0)) continue;
      const int rounds = each.repeats_itself ? settings.repeat : 1;
      guard(report, each.name, [&] { each.run({report, each.name, settings.smoke, rounds}); });
    }
  }
  if (is_wanted(settings, kMatrix, true)) guard(report, kMatrix, [&] { set.matrix(settings, machine, report); });
  report.print_verdicts();
  const auto path = settings.out / fmt::format("{}-cases.csv", set.experiment);
  write_table(path, machine, report.csv());
  fmt::print("All values are in {}\n", path.string());
  return report.holds();
}

void in_turns(int round, std::vector<std::function<void()>> alternatives) {
  if (round % 2 == 1) std::ranges::reverse(alternatives);
  for (const auto& run : alternatives) run();
}

}  // namespace pipeline::bench
