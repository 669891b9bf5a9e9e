#include "smoke.h"

#include "verdict.h"

#include <fmt/format.h>

namespace pipeline::bench {
namespace {

std::filesystem::path file_of(std::string_view experiment, const Settings& settings) {
  if (!settings.baseline.empty()) return settings.baseline;
  return std::filesystem::path(BASELINE_FOLDER) / fmt::format("{}.csv", experiment);
}

}  // namespace

Baseline baseline_of(std::string_view experiment, const Settings& settings) {
  return read_baseline(file_of(experiment, settings));
}

bool compare_with_baseline(const Baseline& baseline, const Report& report, const std::vector<std::string>& cases,
                           const std::function<void(const std::string&)>& measure_again) {
  const auto verdicts = judge_patiently(report, baseline, cases, [&](const std::string& name) {
    fmt::print("{} is worse than its baseline: measured again\n", name);
    measure_again(name);
  });
  fmt::print("\nAgainst the baseline:\n{}", to_text(verdicts));
  return passes(verdicts);
}

void record_baseline(std::string_view experiment, const Settings& settings, std::string_view machine,
                     const std::vector<std::vector<Guarded>>& runs) {
  const auto file = file_of(experiment, settings);
  const std::string head = fmt::format("{}# runs: {}\n", machine, runs.size());
  write_table(file, head, to_csv(baseline_of(runs)));
  fmt::print("The baseline is in {}\n", file.string());
}

}  // namespace pipeline::bench
