#include "page_history.h"

#include "pipeline/report/work.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

namespace pipeline::report::page {

History in_order_of_a_night(History history) {
  constexpr std::array kOrder{"sync", "upsert", "package"};
  std::ranges::stable_sort(history.commands, {}, [&](const CommandHistory& command) {
    return std::ranges::find(kOrder, command.command) - kOrder.begin();
  });
  for (CommandHistory& command : history.commands)
    std::ranges::stable_sort(command.stages, std::greater<>(),
                             [total = metrics::total_metric(command.command)](const TimeSeries& stage) {
                               return std::pair(stage.metric == total, stage.sum);
                             });
  return history;
}

std::vector<Tally> errors_of(const CommandHistory& command) {
  std::vector<Tally> errors;
  for (const TimeSeries& counter : command.counters) {
    if (counter.sum < 1 || !counts_errors(counter.metric, counter.labels)) continue;
    Tally& tally = errors.emplace_back(Tally{counter.metric, counter.labels});
    tally.period = static_cast<std::uint64_t>(counter.sum);
    for (const Point& point : counter.points) tally.runs += point.count;
    const auto& rows = command.last.rows;
    const auto last = std::ranges::find_if(rows, metrics::named(counter.metric, counter.labels));
    if (last != rows.end()) tally.last = static_cast<std::uint64_t>(last->sum);
  }
  std::ranges::sort(errors, [](const Tally& a, const Tally& b) {
    return std::tie(b.period, a.metric, a.labels) < std::tie(a.period, b.metric, b.labels);
  });
  return errors;
}

bool counts_errors(std::string_view metric, const metrics::LabelList& labels) {
  const auto status = metrics::value_of(labels, "status");
  if (metric == "packages_total") return status == "rejected" || status == "failed";
  if (metric == "api_requests_total")  // what was refused for its pace has a counter of its own
    return !status.empty() && status != "429" && !status.starts_with('2');
  constexpr std::array kEndings{"_429_total",    "retry_total",     "_rejected_total", "_failed_total",
                                "_errors_total", "_timeouts_total", "_conflict_total", "_lost_total"};
  return std::ranges::any_of(kEndings, [&](const char* ending) { return metric.ends_with(ending); });
}

Before before_last(const CommandHistory& command) {
  const std::span all(command.before);
  const auto runs = all.last(std::min(all.size(), kBefore));
  Before before{runs.size(), {}};
  const auto work = work_of(command.last);
  for (const Passed& run : runs)
    if (run.work && work && is_like_work(*run.work, *work)) before.like.push_back(run.seconds / *run.work);
  return before;
}

}  // namespace pipeline::report::page
