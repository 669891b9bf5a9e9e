#include "compare_rows.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pipeline::report {
namespace {

using metrics::Row;
using metrics::Run;

double time_in(const StageRows& stage) {
  double seconds = 0;
  for (const Row* row : stage.all()) seconds += row->sum;
  return seconds;
}

// Of a run: what most have; where there is one a side, what both have.
double samples_in(const StageRows& stage, bool groups) {
  std::vector<double> counts;
  for (const Row* row : stage.all()) counts.push_back(static_cast<double>(row->count));
  return groups ? median_of(std::move(counts)) : std::ranges::min(counts);
}

void refuse_a_run_on_both_sides(const RunGroup& base, const RunGroup& fresh) {
  for (std::size_t i = 0; i < base.runs.size(); ++i)
    for (std::size_t j = 0; j < fresh.runs.size(); ++j)
      if (base.runs[i].info.run_id == fresh.runs[j].info.run_id)
        throw UsageError(fmt::format("the run {} stands on both sides: {} and {}", base.runs[i].info.run_id,
                                     base.files[i].string(), fresh.files[j].string()));
}

std::vector<const Run*> runs_of(const RunGroup& group, const std::string& command) {
  std::vector<const Run*> runs;
  for (const Run& run : group.runs)
    if (run.info.command == command) runs.push_back(&run);
  return runs;
}

}  // namespace

std::vector<Sides> by_command(const RunGroup& base, const RunGroup& fresh) {
  refuse_a_run_on_both_sides(base, fresh);
  std::set<std::string> commands;
  for (const RunGroup* group : {&base, &fresh})
    for (const Run& run : group->runs) commands.insert(run.info.command);
  std::vector<Sides> all;
  for (const auto& command : commands) {
    const Sides& sides = all.emplace_back(Sides{command, runs_of(base, command), runs_of(fresh, command)});
    if (sides.base.empty() || sides.fresh.empty())
      throw UsageError(fmt::format("{} has no run of {}, which {} has: give both sides some, or neither",
                                   sides.base.empty() ? "BASE" : "NEW", command, sides.base.empty() ? "NEW" : "BASE"));
  }
  return all;
}

std::vector<StageRows> stages_of(const Sides& sides) {
  std::vector<StageRows> stages;
  const auto gather = [&](const std::vector<const Run*>& runs, std::vector<const Row*> StageRows::*side) {
    for (const Run* run : runs) {
      for (const Row& row : run->rows) {
        if (row.kind != metrics::Kind::timer || row.count == 0) continue;
        auto stage = std::ranges::find_if(
            stages, [&](const StageRows& known) { return known.metric == row.metric && known.labels == row.labels; });
        if (stage == stages.end()) stage = stages.insert(stage, StageRows{row.metric, row.labels, {}, {}});
        ((*stage).*side).push_back(&row);
      }
    }
  };
  gather(sides.base, &StageRows::base);
  gather(sides.fresh, &StageRows::fresh);
  return stages;
}

Admission::Admission(const std::string& command, const std::vector<StageRows>& stages, bool groups, double min_share)
    : total_(command + "_total_seconds"), groups_(groups), min_share_(min_share) {
  const auto total = std::ranges::find(stages, total_, &StageRows::metric);
  if (total != stages.end()) seconds_ = time_in(*total);
}

std::string Admission::refusal(const StageRows& stage, std::size_t statistic) const {
  const bool is_total = stage.metric == total_;
  const double samples = samples_in(stage, groups_);
  const double least = is_total && statistic == 0 ? 1 : least_samples(statistic);
  if (samples < least)
    return fmt::format("{:.0f} sample{} a run, {:.0f} needed", samples, samples == 1 ? "" : "s", least);
  const double share = seconds_ > 0 ? time_in(stage) / seconds_ : 1;
  if (share < min_share_) return fmt::format("takes {:.2g} % of the run", share * 100);
  return {};
}

// What a quantile has to be taken from, to be more than the largest sample. The p50 of a single sample is a number as
// good as any where several runs tell how far it scatters.
double Admission::least_samples(std::size_t statistic) const {
  constexpr std::array kLeast{5.0, 20.0, 100.0};
  return groups_ && statistic == 0 ? 1 : kLeast[statistic];
}

std::vector<const Row*> StageRows::all() const {
  auto rows = base;
  rows.insert(rows.end(), fresh.begin(), fresh.end());
  return rows;
}

}  // namespace pipeline::report
