#include "cases.h"

#include "pipeline/base/clock.h"

#include "machine.h"
#include "smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace pipeline::bench {
namespace {

constexpr const char* kMatrix = "matrix";

// A case named on the command line is run whether or not it belongs to the form asked for.
bool is_wanted(const Settings& settings, const char* name, Form form) {
  if (!settings.cases.empty()) return std::ranges::find(settings.cases, name) != settings.cases.end();
  return form == Form::both || form == (settings.smoke ? Form::smoke : Form::full);
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

void run_case(const Case& each, const Settings& settings, Report& report) {
  const int rounds = each.repeats_itself ? settings.repeat : 1;
  guard(report, each.name, [&] { each.run({report, each.name, settings.smoke, rounds}); });
}

Report run_once(const CaseSet& set, const Settings& settings, std::string_view machine) {
  Report report;
  for (int i = 0; i < settings.repeat; ++i) {
    for (const Case& each : set.cases)
      if (is_wanted(settings, each.name, each.form) && (i == 0 || !each.repeats_itself))
        run_case(each, settings, report);
  }
  if (is_wanted(settings, kMatrix, Form::full)) guard(report, kMatrix, [&] { set.matrix(settings, machine, report); });
  return report;
}

bool compare(const CaseSet& set, const Settings& settings, const Baseline& baseline, Report& report) {
  std::vector<std::string> names;
  for (const Case& each : set.cases)
    if (is_wanted(settings, each.name, each.form)) names.emplace_back(each.name);
  return compare_with_baseline(baseline, report, names, [&](const std::string& name) {
    run_case(*std::ranges::find_if(set.cases, [&name](const Case& each) { return each.name == name; }), settings,
             report);
  });
}

bool record(const CaseSet& set, const Settings& settings, std::string_view machine) {
  std::vector<std::vector<Guarded>> runs;
  for (int i = 0; i < settings.runs; ++i) {
    const Report report = run_once(set, settings, machine);
    if (!report.holds()) {
      report.print_verdicts();
      fmt::print(stderr, "Nothing is recorded: a bound does not hold.\n");
      return false;
    }
    runs.push_back(report.guarded());
  }
  record_baseline(set.experiment, settings, machine, runs);
  return true;
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
  if (settings.record) return record(set, settings, machine);
  Baseline baseline;
  if (settings.smoke) baseline = baseline_of(set.experiment, settings);  // before the minute is spent
  Report report = run_once(set, settings, machine);
  const bool near = !settings.smoke || compare(set, settings, baseline, report);
  report.print_verdicts();
  const auto path = settings.out / fmt::format("{}-cases.csv", set.experiment);
  write_table(path, machine, report.csv());
  fmt::print("All values are in {}\n", path.string());
  if (!near) fmt::print("A FIGURE IS NOT WHAT THE BASELINE SAYS: see the table above.\n");
  return report.holds() && near;
}

void in_turns(int round, std::vector<std::function<void()>> alternatives) {
  if (round % 2 == 1) std::ranges::reverse(alternatives);
  for (const auto& run : alternatives) run();
}

void in_rounds(int rounds, const std::function<void(int)>& round) {
  constexpr double kLongest = 15;
  const SystemClock clock;
  const SteadyTime began = clock.now();
  for (int i = 0; i < rounds && to_seconds(clock.now() - began) < kLongest; ++i) round(i);
}

}  // namespace pipeline::bench
