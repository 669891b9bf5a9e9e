#include "pipeline/report/history.h"

#include "pipeline/base/error.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <utility>

namespace pipeline::report {
namespace {

using metrics::Row;
using metrics::Run;

constexpr std::chrono::hours kKst{9};

std::function<double(const Row&)> value_of(const std::string& statistic) {
  if (statistic == "count") return [](const Row& row) { return static_cast<double>(row.count); };
  const auto known = std::ranges::find(metrics::kFigures, statistic, &metrics::Figure::name);
  if (known == metrics::kFigures.end() || statistic == "min")
    throw UsageError(fmt::format("{}: none of p50, p95, p99, mean, max, sum, count", statistic));
  return [figure = known->value](const Row& row) { return row.*figure; };
}

// The one of that moment, in time; a new one where there is none, or where each run has its own.
template <typename T>
T& one_at(std::vector<T>& all, WallTime at, Unit unit) {
  auto place = all.end();
  while (place != all.begin() && std::prev(place)->at > at) --place;
  if (unit != Unit::run && place != all.begin() && std::prev(place)->at == at) return *std::prev(place);
  T one;
  one.at = at;
  return *all.insert(place, std::move(one));
}

// One verdict per rule, in the order of the budget.
void count_verdicts(std::vector<RuleWeek>& rules, const metrics::Verdicts& verdicts) {
  using Outcome = metrics::Verdict::Outcome;
  rules.resize(verdicts.size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    rules[i].judged += verdicts[i].outcome == Outcome::kept || verdicts[i].outcome == Outcome::over;
    rules[i].over += verdicts[i].outcome == Outcome::over;
    rules[i].missing += verdicts[i].outcome == Outcome::missing;
  }
}

// Makes the history of one command from its runs as they pass.
class Gatherer {
 public:
  Gatherer(const HistoryQuery& query, Unit unit) : query_(query), value_(value_of(query.statistic)) {
    made_.unit = unit;
  }

  void add(Run&& run) {
    if (query_.exit_code_of)  // the database knows it better: the file is written before the run has quite ended
      if (const auto code = query_.exit_code_of(run.info.run_id)) run.info.exit_code = code;
    at_ = group_start(made_.unit, run.info.started_at);
    Group& group = one_at(made_.groups, at_, made_.unit);
    const bool counts = got_through(run);
    ++(counts ? group.runs : group.failed);
    for (const Row& row : run.rows) {
      if (row.kind == metrics::Kind::counter) add_counter(row);
      if (counts && row.kind == metrics::Kind::timer && row.count > 0) add_stage(row);
    }
    if (counts && query_.budget != nullptr)
      count_verdicts(group.rules, metrics::judge(*query_.budget, run.info.command, run.rows));
    if (made_.last.rows.empty() || run.info.started_at >= made_.last.info.started_at) std::swap(made_.last, run);
    if (!run.rows.empty() && got_through(run)) made_.before.push_back(passed(run));
  }

  CommandHistory take(const std::string& command) {
    made_.command = command;
    for (TimeSeries& stage : made_.stages)
      for (Point& point : stage.points) point.middle = query_.middle(std::exchange(point.values, {}));
    return std::move(made_);
  }

 private:
  using Places = std::map<std::pair<std::string, metrics::LabelList>, std::size_t>;

  static TimeSeries& series_of(std::vector<TimeSeries>& all, Places& places, const Row& row) {
    const auto [place, is_new] = places.try_emplace({row.metric, row.labels}, all.size());
    if (is_new) all.push_back({.metric = row.metric, .labels = row.labels, .points = {}});
    return all[place->second];
  }

  void add_counter(const Row& row) {
    TimeSeries& counter = series_of(made_.counters, counters_, row);
    Point& point = one_at(counter.points, at_, made_.unit);
    point.runs += 1;
    point.count += row.sum >= 1;
    point.sum += row.sum;
    counter.sum += row.sum;
  }

  void add_stage(const Row& row) {
    TimeSeries& stage = series_of(made_.stages, stages_, row);
    stage.sum += row.sum;
    stage.single = stage.single && row.count == 1;
    const std::size_t before = stage.points.size();
    Point& point = one_at(stage.points, at_, made_.unit);
    point.runs += 1;
    point.count += row.count;
    point.sum += row.sum;
    point.p95 = std::max(point.p95, row.p95);
    point.p99 = std::max(point.p99, row.p99);
    point.max = std::max(point.max, row.max);
    point.values.push_back(value_(row));
    if (stage.points.size() == before || before < 2) return;
    auto& past = stage.points[before - 2].values;
    past = {query_.middle(std::move(past))};
  }

  const HistoryQuery& query_;
  std::function<double(const Row&)> value_;
  CommandHistory made_;
  WallTime at_;  // of the run's group
  Places stages_, counters_;
};

struct Extent {
  std::uint64_t runs = 0;
  WallTime first = WallTime::max(), last = WallTime::min();
  void add(WallTime at) {
    ++runs;
    first = std::min(first, at);
    last = std::max(last, at);
  }
};

}  // namespace

Passed passed(const Run& run) {
  const auto whole = std::ranges::find(run.rows, metrics::total_metric(run.info.command), &Row::metric);
  return {run.info.started_at, whole == run.rows.end() ? 0 : whole->sum, work_of(run)};
}

std::uint64_t CommandHistory::failed() const {
  return std::transform_reduce(groups.begin(), groups.end(), std::uint64_t{0}, std::plus<>(),
                               [](const Group& group) { return group.failed; });
}

std::uint64_t CommandHistory::runs() const {
  return std::transform_reduce(groups.begin(), groups.end(), failed(), std::plus<>(),
                               [](const Group& group) { return group.runs; });
}

Unit unit_for(std::uint64_t runs, WallTime first, WallTime last) {
  if (runs <= static_cast<std::uint64_t>(kMostPoints)) return Unit::run;
  const auto days = std::chrono::floor<std::chrono::days>(last - first).count() + 2;  // the first and last are parts
  if (days <= kMostPoints) return Unit::day;
  return days / 7 + 2 <= kMostPoints ? Unit::week : Unit::four_weeks;
}

WallTime group_start(Unit unit, WallTime at) {
  if (unit == Unit::run) return at;
  if (unit == Unit::iso_week) return week_of(at);
  const int length = unit == Unit::day ? 1 : unit == Unit::week ? 7 : 28;
  // The epoch was a Thursday: three days on, weeks begin on Mondays.
  const auto days = std::chrono::floor<std::chrono::days>(at + kKst).time_since_epoch().count() + 3;
  const auto since = ((days % length) + length) % length;
  return WallTime(std::chrono::sys_days(std::chrono::days(days - 3 - since))) - kKst;
}

History read_history(const std::filesystem::path& file, const HistoryQuery& query) {
  History history;
  const auto is_asked_for = [&](const metrics::RunInfo& run) {
    return run.started_at >= query.from && run.started_at < query.until &&
           (query.command.empty() || run.command == query.command);
  };
  std::map<std::string, Extent> extents;
  const auto measure = [&](Run&& run) {
    if (is_asked_for(run.info)) extents[run.info.command].add(run.info.started_at);
  };
  if (!query.unit) metrics::for_each_run(file, measure, [](const std::string&) {});

  std::map<std::string, Gatherer> commands;
  Extent all;
  const auto add = [&](Run&& run) {
    if (!is_asked_for(run.info)) return;
    const auto found = extents.find(run.info.command);
    // A run that ended between the two passes may be the first of its command: it belongs to the next history.
    if (!query.unit && found == extents.end()) return;
    const Unit unit = query.unit ? *query.unit : unit_for(found->second.runs, found->second.first, found->second.last);
    all.add(run.info.started_at);
    commands.try_emplace(run.info.command, query, unit).first->second.add(std::move(run));
  };
  (void)value_of(query.statistic);  // a wrong one is told even where there is no run
  metrics::for_each_run(file, add, [&](const std::string& what) {
    if (++history.faults <= kToldFaults) history.told.push_back(what);
    if (query.fault) query.fault(what);
  });
  history.runs = all.runs;
  if (all.runs > 0) history.first = all.first, history.last = all.last;
  for (auto& [name, command] : commands) history.commands.push_back(command.take(name));
  return history;
}

}  // namespace pipeline::report
