#pragma once

#include "pipeline/report/in_language.h"
#include "pipeline/report/rank_test.h"
#include "pipeline/report/run_group.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What was before, and what is now: each stage's p50, p95 and p99, and whether one of them got worse.
//
// Of one run a side nothing is known of the noise: a statistic has regressed when it grew by more than the limit.
//
// Of several runs a side, it has regressed when
//   1. its growth is no noise: the rank test says so at 5 % over all statistics judged together (Holm), and
//   2. growth by the limit cannot be ruled out: the upper 95 % bound of the ratio is not below 1 + limit.
// So two groups of runs of the same program fail in at most 5 % of the comparisons, whatever the noise looks like and
// however many stages there are. A program that is slower by the limit, or by more, is passed by rule 2 in at most 5 %;
// rule 1 lacks the runs to see it now and then, and then it is no pass but `cannot_tell`, with the runs that would do.
namespace pipeline::report {

enum class Mark {
  regressed,
  cannot_tell,       // neither shown to be slower, nor shown to keep the limit: more runs
  slower_in_limits,  // shown to be slower, and shown to keep the limit
  faster,
  kept,        // shown to keep the limit; of one run a side: it did
  not_judged,  // too few samples, or too small a part of the run to matter
};

// One statistic of one stage.
struct Change {
  std::optional<double> base, fresh;  // seconds, the median over the side's runs; absent where the stage never ran
  RankTest::Ratio ratio;              // of several runs a side; of one each the estimate alone
  double chance = 1;                  // of such ranks by noise, corrected; of several runs a side
  Mark mark = Mark::not_judged;
  std::string why;              // it is not judged
  std::size_t runs_needed = 0;  // a side, at least, where there is no telling; 0: no number would do

  // Of the medians: 0.15 for a growth by 15 %. Both have to be there.
  [[nodiscard]] double growth() const;
};

// The rule itself. A statistic as the runs of both sides have it, one value per run; neither side is empty.
struct Series {
  std::vector<double> base, fresh;
};
// One run a side: `series` have one value each.
[[nodiscard]] std::vector<Change> judge_pairs(const std::vector<Series>& series, double max_regression);
// Several runs a side; all that is judged together has to be handed over together.
[[nodiscard]] std::vector<Change> judge_groups(const std::vector<Series>& series, double max_regression);

enum class Presence { both, only_base, only_fresh };

struct Stage {
  std::string metric;
  metrics::LabelList labels;
  Presence presence = Presence::both;
  std::array<Change, 3> changes;  // p50, p95, p99

  [[nodiscard]] Mark worst() const;
};
inline constexpr std::array<std::string_view, 3> kStatistics{"p50", "p95", "p99"};

// The runs of one command.
struct Section {
  std::string command;
  std::vector<std::string> base_runs, fresh_runs;  // their ids
  std::vector<std::string> left_out;               // of both sides: they did not get through
  std::string work;                                // in words, where the sides' runs had more or less to do
  std::vector<Stage> stages;                       // that ran on a side, in the order of the reports

  [[nodiscard]] bool has_groups() const { return base_runs.size() + fresh_runs.size() > 2; }
};

struct CompareRules {
  double max_regression = 0.15;
  double min_share = 0.01;  // of a run's time; a stage that takes less is shown and not judged
};

struct Comparison {
  CompareRules rules;
  std::size_t tested = 0;  // statistics of several runs a side: all that Holm's correction is over
  std::vector<Section> sections;

  [[nodiscard]] bool regressed() const;
  // Whether any regression, however large, could be told with so many runs. Where not, the runs a side it takes.
  [[nodiscard]] std::optional<std::size_t> too_few_runs() const;
};

// Runs that did not get through are left out. The time of the whole run is taken as for the work that the runs had in
// the middle (report/work.h); where one side had half as much again to do as the other, it is not judged. Throws
// UsageError when a run stands on both sides, or a command's runs on one only.
[[nodiscard]] Comparison compare(const RunGroup& base, const RunGroup& fresh, const CompareRules& rules = {});

// A table at most 100 columns wide for each command, what was found in words, a legend, and a summary in one line.
[[nodiscard]] std::string comparison_table(const Comparison& comparison, const InLanguage& in_language = as_it_is);
// The same line: `5 stages compared: 1 regressed (detail_fetch p95 +38 %), 1 faster, 3 kept`.
[[nodiscard]] std::string comparison_summary(const Comparison& comparison);
// One row per stage and statistic.
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);
[[nodiscard]] std::string comparison_markdown(const Comparison& comparison, const InLanguage& in_language = as_it_is);
// Members of a JSON object: `sections`, and the summary.
[[nodiscard]] std::string comparison_json(const Comparison& comparison, std::string_view head);

// kept, regressed, cannot_tell, …
[[nodiscard]] std::string_view to_string(Mark mark) noexcept;

}  // namespace pipeline::report
