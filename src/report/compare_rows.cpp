#include "compare_rows.h"

#include "pipeline/base/error.h"
#include "pipeline/report/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
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

std::vector<Run> runs_of(const RunGroup& group, const std::string& command, std::vector<std::string>& left_out) {
  std::vector<Run> runs;
  for (const Run& run : group.runs) {
    if (run.info.command != command) continue;
    if (got_through(run))
      runs.push_back(run);
    else
      left_out.push_back(run.info.run_id);
  }
  return runs;
}

// What each run had to do; nothing where one does not tell it.
std::optional<std::vector<double>> works_of(const std::vector<Run>& runs) {
  std::vector<double> works;
  for (const Run& run : runs) {
    works.push_back(work_of(run).value_or(0));
    if (works.back() == 0) return std::nullopt;
  }
  return works;
}

void scale(Row& row, double factor) {
  for (const metrics::Figure& figure : metrics::kFigures) row.*figure.value *= factor;
}

// The time of each whole run, as it would have been for as much work as the runs of both sides had in the middle.
void level_work(Sides& sides) {
  const auto base = works_of(sides.base), fresh = works_of(sides.fresh);
  if (!base || !fresh) return;
  auto all = *base;
  all.insert(all.end(), fresh->begin(), fresh->end());
  const double middle = median_of(all), before = median_of(*base), now = median_of(*fresh);
  if (std::ranges::all_of(all, [&](double work) { return work == middle; })) return;
  sides.unlike = !is_like_work(before, now);
  sides.work = fmt::format("{:.6g} items of work a run before, {:.6g} now: {}_total is ", before, now, sides.command) +
               (sides.unlike ? "not compared" : fmt::format("given as for {:.6g}", middle));
  if (sides.unlike) return;
  for (auto* const runs : {&sides.base, &sides.fresh})
    for (Run& run : *runs)
      for (Row& row : run.rows)
        if (row.metric == metrics::total_metric(sides.command)) scale(row, middle / work_of(run).value());
}

}  // namespace

std::vector<Sides> by_command(const RunGroup& base, const RunGroup& fresh) {
  refuse_a_run_on_both_sides(base, fresh);
  std::set<std::string> commands;
  for (const RunGroup* group : {&base, &fresh})
    for (const Run& run : group->runs) commands.insert(run.info.command);
  std::vector<Sides> all;
  for (const auto& command : commands) {
    Sides& sides = all.emplace_back();
    sides.command = command;
    sides.base = runs_of(base, command, sides.left_out);
    sides.fresh = runs_of(fresh, command, sides.left_out);
    if (sides.base.empty() || sides.fresh.empty())
      throw UsageError(fmt::format(
          "{} has no run of {}{}: give both sides some, or neither", sides.base.empty() ? "BASE" : "NEW", command,
          sides.left_out.empty() ? fmt::format(", which {} has", sides.base.empty() ? "NEW" : "BASE")
                                 : " that got through"));
    level_work(sides);
  }
  return all;
}

std::vector<StageRows> stages_of(const Sides& sides) {
  std::vector<StageRows> stages;
  const auto gather = [&](const std::vector<Run>& runs, std::vector<const Row*> StageRows::*side) {
    for (const Run& run : runs) {
      for (const Row& row : run.rows) {
        if (row.kind != metrics::Kind::timer || row.count == 0) continue;
        auto stage = std::ranges::find_if(stages, metrics::named(row.metric, row.labels));
        if (stage == stages.end()) stage = stages.insert(stage, StageRows{row.metric, row.labels, {}, {}});
        ((*stage).*side).push_back(&row);
      }
    }
  };
  gather(sides.base, &StageRows::base);
  gather(sides.fresh, &StageRows::fresh);
  return stages;
}

Admission::Admission(const Sides& sides, const std::vector<StageRows>& stages, double min_share)
    : total_(metrics::total_metric(sides.command)),
      unlike_(sides.unlike ? sides.work : ""),
      groups_(sides.base.size() + sides.fresh.size() > 2),
      min_share_(min_share) {
  const auto total = std::ranges::find(stages, total_, &StageRows::metric);
  if (total != stages.end()) seconds_ = time_in(*total);
}

std::string Admission::refusal(const StageRows& stage, std::size_t statistic) const {
  const bool is_total = stage.metric == total_;
  if (is_total && !unlike_.empty()) return unlike_;
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
