#include "cases.h"

#include "pipeline/base/clock.h"

#include "baseline.h"
#include "machine.h"
#include "verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>

namespace pipeline::bench {
namespace {

constexpr const char* kMatrix = "matrix";

// A case named on the command line is run whether or not it belongs to the form asked for.
bool is_wanted(const Settings& settings, const char* name, Form form) {
  if (!settings.cases.empty()) return std::ranges::find(settings.cases, name) != settings.cases.end();
  return form == Form::both || form == (settings.smoke ? Form::smoke : Form::full);
}

// A case that breaks is a case that does not hold; the others are run all the same.
void run_safely(Report& report, const char* name, const std::function<void()>& run) {
  try {
    run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    report.add(name, "runs that broke off", 1, "", exactly(0));
  }
}

void run_case(const Case& each, const Settings& settings, Report& report) {
  const int rounds = each.repeats_itself ? settings.repeat : 1;
  run_safely(report, each.name, [&] { each.run({report, each.name, settings.smoke, rounds}); });
}

Report run_once(const CaseSet& set, const Settings& settings, std::string_view machine) {
  Report report;
  for (int i = 0; i < settings.repeat; ++i) {
    for (const Case& each : set.cases)
      if (is_wanted(settings, each.name, each.form) && (i == 0 || !each.repeats_itself))
        run_case(each, settings, report);
  }
  if (set.matrix != nullptr && is_wanted(settings, kMatrix, Form::full))
    run_safely(report, kMatrix, [&] { set.matrix(settings, machine, report); });
  return report;
}

// Ratios differ between kinds of processors, so each has a baseline of its own.
std::filesystem::path baseline_file(const CaseSet& set, const Settings& settings) {
  if (!settings.baseline.empty()) return settings.baseline;
  return std::filesystem::path(BASELINE_FOLDER) / processor_kind() / fmt::format("{}.csv", set.experiment);
}

// Compares the figures of a short run with the baseline, and says what came of it. False: a figure got worse, or is
// missing on one side.
bool compare(const CaseSet& set, const Settings& settings, const Baseline& baseline, Report& report) {
  std::vector<std::string> names;
  for (const Case& each : set.cases)
    if (is_wanted(settings, each.name, each.form)) names.emplace_back(each.name);
  const auto verdicts = judge_patiently(report, baseline, names, [&](const std::string& name) {
    fmt::print("{} is worse than its baseline: measured again\n", name);
    run_case(*std::ranges::find(set.cases, name, &Case::name), settings, report);
  });
  fmt::print("\nAgainst the baseline:\n{}", to_text(verdicts));
  return passes(verdicts);
}

// Makes the baseline anew of the figures of several runs.
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
  const auto file = baseline_file(set, settings);
  write_table(file, fmt::format("{}# runs: {}\n", machine, runs.size()), to_csv(baseline_of(runs)));
  fmt::print("The baseline is in {}\n", file.string());
  return true;
}

}  // namespace

std::vector<std::string> case_names(const CaseSet& set) {
  std::vector<std::string> names;
  for (const Case& each : set.cases) names.emplace_back(each.name);
  if (set.matrix != nullptr) names.emplace_back(kMatrix);
  return names;
}

bool run_cases(const CaseSet& set, const Settings& settings) {
  const std::string machine = describe_machine();
  fmt::print("{}\n", machine);
  if (settings.record) return record(set, settings, machine);
  std::optional<Baseline> baseline;  // read before the minute is spent
  const auto file = baseline_file(set, settings);
  const bool has_baseline = !settings.baseline.empty() || std::filesystem::exists(file);
  if (settings.smoke && has_baseline) baseline = read_baseline(file);
  Report report = run_once(set, settings, machine);
  const bool near = !baseline || compare(set, settings, *baseline, report);
  report.print_verdicts();
  const auto path = settings.out / fmt::format("{}-cases.csv", set.experiment);
  write_table(path, machine, report.csv());
  fmt::print("All values are in {}\n", path.string());
  if (settings.smoke && !baseline)
    fmt::print("NOTHING IS COMPARED: this kind of processor has no baseline yet ({}). scripts/bench record makes it.\n",
               file.string());
  if (!near) fmt::print("A FIGURE IS NOT WHAT THE BASELINE SAYS: see the table above.\n");
  return report.holds() && near;
}

void in_turns(int round, std::vector<std::function<void()>> alternatives) {
  if (round % 2 == 1) std::ranges::reverse(alternatives);
  for (const auto& run : alternatives) run();
}

void in_rounds(const Trial& trial, const std::function<void(int)>& round) {
  constexpr int kRounds = 7;
  constexpr double kLongest = 15;
  const SystemClock clock;
  const SteadyTime began = clock.now();
  for (int i = 0; i < kRounds * trial.rounds && to_seconds(clock.now() - began) < kLongest; ++i) round(i);
}

void guard(const Trial& trial, const Guarding& guarding, const std::function<void(int)>& before_each) {
  in_rounds(trial, [&](int round) {
    if (before_each) before_each(round);
    double ours = 0;
    double bare = 0;
    in_turns(round, {[&] { ours = guarding.ours(); }, [&] { bare = guarding.bare(); }});
    trial.add("pipeline", guarding.per_second * ours, guarding.unit);
    trial.add(guarding.bare_name, guarding.per_second * bare, guarding.unit);
    trial.add(guarding.figure, ours / bare, "", near_baseline());
  });
}

void write_matrix(const Settings& settings, std::string_view experiment, std::string_view machine, std::string_view csv,
                  std::string_view table) {
  const auto path = [&](std::string_view extension) {
    return settings.out / fmt::format("{}-matrix.{}", experiment, extension);
  };
  write_table(path("csv"), machine, csv);
  write_table(path("md"), machine, fmt::format("\n{}", table));
  fmt::print("\n{}\nThe matrix is in {}\n", table, path("csv").string());
}

}  // namespace pipeline::bench
