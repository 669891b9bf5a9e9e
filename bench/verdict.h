#pragma once

#include "baseline.h"
#include "report.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace pipeline::bench {

// How far a figure may be from its baseline, as a share of it.
inline constexpr double kTolerance = 0.15;

struct Verdict {
  enum class Mark {
    within,
    worse,
    better,        // by as much: no failure, but the baseline is out of date
    no_baseline,   // measured, and not in the file
    not_measured,  // in the file, and no case measured it
  };
  std::string name;
  std::string what;
  double baseline = 0;  // these three are 0 where there is nothing to compare
  double now = 0;       // median of all rounds
  double change = 0;    // now to baseline, less one
  Mark mark = Mark::within;
  bool beyond_doubt = false;  // worse in every single round, and twice as bad at the median: noise does not do that
};

// The figures of the cases that were run against their baseline.
[[nodiscard]] std::vector<Verdict> judge(const std::vector<Guarded>& figures, const Baseline& baseline,
                                         std::span<const std::string> cases);

// Noise has to hit three times: as long as a case got worse, and not beyond doubt, `measure_again` gets its name, twice
// at most, and adds the figures of fresh rounds to the report.
[[nodiscard]] std::vector<Verdict> judge_patiently(const Report& report, const Baseline& baseline,
                                                   std::span<const std::string> cases,
                                                   const std::function<void(const std::string&)>& measure_again);

// Whether nothing got worse and nothing is missing.
[[nodiscard]] bool passes(std::span<const Verdict> verdicts);
// One line per figure, and below them what to do about each that is not within.
[[nodiscard]] std::string to_text(std::span<const Verdict> verdicts);

}  // namespace pipeline::bench
