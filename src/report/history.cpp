#include "pipeline/report/history.h"

#include "pipeline/base/error.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/rank_test.h"
#include "pipeline/report/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace pipeline::report {
namespace {

using metrics::Row;
using metrics::Run;
using ValueOf = std::function<double(const Row&)>;

ValueOf value_of(const std::string& statistic) {
  if (statistic == "count") return [](const Row& row) { return static_cast<double>(row.count); };
  const auto known = std::ranges::find(metrics::kFigures, statistic, &metrics::Figure::name);
  if (known == metrics::kFigures.end() || statistic == "min")
    throw UsageError(fmt::format("{}: none of p50, p95, p99, mean, max, sum, count", statistic));
  return [figure = known->value](const Row& row) { return row.*figure; };
}

// A series with the values of each week's runs.
struct Series {
  std::string metric;
  metrics::LabelList labels;
  std::vector<std::vector<double>> weeks;

  [[nodiscard]] HistoryLine line(double (*of)(const std::vector<double>&)) const {
    HistoryLine line{.metric = metric, .labels = labels, .values = {}, .trend = {}};
    for (const auto& week : weeks) line.values.push_back(week.empty() ? std::nullopt : std::optional(of(week)));
    line.trend = trend_of(line.values);
    return line;
  }
};

struct Command {
  std::vector<std::size_t> runs;
  std::vector<std::size_t> failed;
  std::vector<Series> stages;
  std::vector<Series> counters;
  std::vector<RuleLine> rules;
};

class Gatherer {
 public:
  Gatherer(const HistoryQuery& query, std::size_t weeks)
      : query_(query), value_(value_of(query.statistic)), last_(week_of(query.now)), weeks_(weeks) {}

  void add(const Run& run) {
    if (!query_.command.empty() && run.info.command != query_.command) return;
    const auto back = (last_ - week_of(run.info.started_at)).count() / 7;
    if (back < 0 || static_cast<std::size_t>(back) >= weeks_) return;
    const std::size_t week = weeks_ - 1 - static_cast<std::size_t>(back);
    Command& command = commands_[run.info.command];
    command.runs.resize(weeks_);
    command.failed.resize(weeks_);
    const bool counts = got_through(run);
    ++(counts ? command.runs : command.failed)[week];
    for (const Row& row : run.rows)
      if (row.kind == metrics::Kind::counter) add(command.counters, row, week, row.sum);
    if (!counts) return;
    for (const Row& row : run.rows) {
      if (row.kind != metrics::Kind::timer || row.count == 0) continue;
      add(command.stages, row, week, value_(row));
      if (row.metric == metrics::total_metric(run.info.command)) add_item(command, run, row, week);
    }
    if (query_.budget != nullptr)
      count_verdicts(command.rules, metrics::judge(*query_.budget, run.info.command, run.rows), week, weeks_);
  }

  void finish(History& history) const {
    for (const auto& [name, command] : commands_) {
      HistorySection section{.command = name,
                             .runs = command.runs,
                             .failed = command.failed,
                             .stages = {},
                             .counters = {},
                             .rules = command.rules};
      for (const auto* const runs : {&command.runs, &command.failed})
        history.runs += std::accumulate(runs->begin(), runs->end(), std::size_t{0});
      for (const Series& stage : command.stages) {
        section.stages.push_back(stage.line([](const auto& values) { return median_of(values); }));
        if (follows_work(name, stage)) section.stages.back().trend = {};
      }
      for (const Series& counter : command.counters) {
        auto line = counter.line([](const auto& values) { return std::accumulate(values.begin(), values.end(), 0.0); });
        if (std::ranges::any_of(line.values, [](const auto& value) { return value.value_or(0) != 0; }))
          section.counters.push_back(std::move(line));
      }
      history.sections.push_back(std::move(section));
    }
  }

 private:
  // What a run has more of where it has more to do shows no trend of its speed.
  [[nodiscard]] bool follows_work(const std::string& command, const Series& stage) const {
    if (stage.metric == command + "_item_seconds") return false;
    return query_.statistic == "sum" || stage.metric == metrics::total_metric(command);
  }

  void add_item(Command& command, const Run& run, const Row& whole, std::size_t week) const {
    const double work = work_of(run).value_or(0);
    if (work == 0 || query_.statistic == "count") return;
    Row item = whole;
    item.metric = run.info.command + "_item_seconds";
    add(command.stages, item, week, whole.sum / work);
  }

  void add(std::vector<Series>& all, const Row& row, std::size_t week, double value) const {
    auto series = std::ranges::find_if(all, metrics::named(row.metric, row.labels));
    if (series == all.end()) {
      series = all.insert(series, Series{row.metric, row.labels, {}});
      series->weeks.resize(weeks_);
    }
    series->weeks[week].push_back(value);
  }

  const HistoryQuery& query_;
  ValueOf value_;
  std::chrono::sys_days last_;
  std::size_t weeks_;
  std::map<std::string, Command> commands_;
};

}  // namespace

bool HistorySection::has_failed() const {
  return std::ranges::any_of(failed, [](std::size_t n) { return n > 0; });
}

History read_history(const std::filesystem::path& file, const HistoryQuery& query,
                     const std::function<void(const std::string&)>& fault) {
  History history{.statistic = query.statistic, .has_budget = query.budget != nullptr, .weeks = {}, .sections = {}};
  for (int back = query.weeks - 1; back >= 0; --back)
    history.weeks.push_back(week_of(query.now) - std::chrono::weeks(back));
  Gatherer gatherer(query, history.weeks.size());
  metrics::for_each_run(
      file, [&](Run&& run) { gatherer.add(run); },
      [&](const std::string& what) {
        ++history.faults;
        fault(what);
      });
  gatherer.finish(history);
  return history;
}

}  // namespace pipeline::report
