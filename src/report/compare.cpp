#include "pipeline/report/compare.h"

#include "pipeline/base/names.h"

#include "compare_rows.h"

#include <algorithm>
#include <utility>

namespace pipeline::report {
namespace {

using metrics::Row;
using metrics::Run;

// A statistic that is judged, and where the verdict goes.
struct ComparedStage {
  std::size_t section, stage, statistic;
  Series series;
};

std::vector<std::string> ids_of(const std::vector<Run>& runs) {
  std::vector<std::string> ids;
  for (const Run& run : runs) ids.push_back(run.info.run_id);
  return ids;
}

double value_of(const Row& row, std::size_t statistic) {
  return std::array{row.p50, row.p95, row.p99}[statistic];
}

std::vector<double> values_of(const std::vector<const Row*>& rows, std::size_t statistic) {
  std::vector<double> values;
  for (const Row* row : rows) values.push_back(value_of(*row, statistic));
  return values;
}

Presence presence_of(const StageRows& rows) {
  if (rows.base.empty()) return Presence::only_fresh;
  return rows.fresh.empty() ? Presence::only_base : Presence::both;
}

// The change as it is shown where nothing is judged.
Change unjudged(const Series& series, std::string why) {
  Change change;
  if (!series.base.empty()) change.base = median_of(series.base);
  if (!series.fresh.empty()) change.fresh = median_of(series.fresh);
  change.why = std::move(why);
  return change;
}

class Builder {
 public:
  explicit Builder(const CompareRules& rules) { result_.rules = rules; }

  void add(const Sides& sides) {
    Section& section = result_.sections.emplace_back();
    section.command = sides.command;
    section.base_runs = ids_of(sides.base);
    section.fresh_runs = ids_of(sides.fresh);
    section.left_out = sides.left_out;
    section.work = sides.work;
    const auto stages = stages_of(sides);
    const Admission admission(sides, stages, result_.rules.min_share);
    for (const StageRows& rows : stages) add_stage(section, rows, admission);
  }

  [[nodiscard]] Comparison take() {
    settle(groups_, judge_groups);
    settle(pairs_, judge_pairs);
    result_.tested = groups_.size();
    return std::move(result_);
  }

 private:
  void add_stage(Section& section, const StageRows& rows, const Admission& admission) {
    Stage& stage = section.stages.emplace_back();
    stage.metric = rows.metric;
    stage.labels = rows.labels;
    stage.presence = presence_of(rows);
    for (std::size_t i = 0; i < kStatistics.size(); ++i) {
      Series series{values_of(rows.base, i), values_of(rows.fresh, i)};
      const bool is_whole = stage.presence == Presence::both;
      std::string why = is_whole ? admission.refusal(rows, i) : "there is nothing to compare it with";
      stage.changes[i] = unjudged(series, why);
      if (!why.empty()) continue;
      auto& candidates = section.has_groups() ? groups_ : pairs_;
      candidates.push_back({result_.sections.size() - 1, section.stages.size() - 1, i, std::move(series)});
    }
  }

  template <typename Judge>
  void settle(const std::vector<ComparedStage>& candidates, Judge judge) {
    std::vector<Series> series;
    for (const ComparedStage& candidate : candidates) series.push_back(candidate.series);
    const auto changes = judge(series, result_.rules.max_regression);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const ComparedStage& of = candidates[i];
      result_.sections[of.section].stages[of.stage].changes[of.statistic] = changes[i];
    }
  }

  Comparison result_;
  std::vector<ComparedStage> groups_;
  std::vector<ComparedStage> pairs_;
};

}  // namespace

Mark Stage::worst() const {
  return std::ranges::min(changes, {}, &Change::mark).mark;  // they are declared from bad to good
}

bool Comparison::regressed() const {
  for (const Section& section : sections)
    for (const Stage& stage : section.stages)
      if (stage.worst() == Mark::regressed) return true;
  return false;
}

Comparison compare(const RunGroup& base, const RunGroup& fresh, const CompareRules& rules) {
  Builder builder(rules);
  for (const Sides& sides : by_command(base, fresh)) builder.add(sides);
  return builder.take();
}

std::string_view to_string(Mark mark) noexcept {
  static constexpr auto kNames =
      names_of<Mark>("regressed", "cannot_tell", "slower_in_limits", "faster", "kept", "not_judged");
  return kNames[mark];
}

}  // namespace pipeline::report
