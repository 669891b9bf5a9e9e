#include "page_history.h"

#include "pipeline/report/work.h"

#include "page_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace pipeline::report::page {
namespace {

constexpr std::chrono::hours kKst{9};

struct Extent {
  std::uint64_t runs = 0;
  WallTime first = WallTime::max(), last = WallTime::min();
  void add(WallTime at) {
    ++runs;
    first = std::min(first, at);
    last = std::max(last, at);
  }
};

double whole_seconds(const metrics::Run& run) {
  const auto total = std::ranges::find(run.rows, metrics::total_metric(run.info.command), &metrics::Row::metric);
  return total == run.rows.end() ? 0 : total->sum;
}

// What is kept of one command's runs while they pass.
class Passing {
 public:
  Passing(Unit unit, const ExitCodeOf& exit_code_of) : series_(unit), unit_(unit), exit_code_of_(exit_code_of) {}

  void add(metrics::Run&& run) {
    ++runs_;
    if (got_through(with_exit_code(run)))
      series_.add(run);
    else
      ++failed_;
    for (const metrics::Row& row : run.rows) {
      if (row.sum < 1 || !counts_errors(row)) continue;
      Tally& tally = errors_[{row.metric, row.labels}];
      tally.period += static_cast<std::uint64_t>(row.sum);
      tally.runs += 1;
    }
    if (last_.rows.empty() || run.info.started_at >= last_.info.started_at) std::swap(last_, run);
    if (run.rows.empty() || !got_through(run)) return;
    before_.push_back({whole_seconds(run), work_of(run)});
    if (before_.size() > kBefore) before_.pop_front();
  }

  CommandHistory take(const std::string& command) {
    CommandHistory out;
    out.command = command;
    out.runs = runs_;
    out.failed = failed_;
    out.unit = unit_;
    out.stages = series_.take(command);
    out.last = std::move(last_);
    out.before = before_.size();
    out.exit_code = out.last.info.exit_code;
    out.got_through = got_through(out.last);
    out.work = work_of(out.last);
    for (const Before& run : before_)
      if (run.work && out.work && is_like_work(*run.work, *out.work))
        out.like_before.push_back(run.seconds / *run.work);
    for (auto& [name, tally] : errors_) {
      std::tie(tally.metric, tally.labels) = name;
      for (const metrics::Row& row : out.last.rows)
        if (metrics::named(tally.metric, tally.labels)(row)) tally.last = static_cast<std::uint64_t>(row.sum);
      out.errors.push_back(std::move(tally));
    }
    std::ranges::stable_sort(out.errors, std::greater<>(), &Tally::period);
    return out;
  }

 private:
  struct Before {
    double seconds;
    std::optional<double> work;
  };

  // The database knows it better: the file is written before the run has quite ended.
  metrics::Run& with_exit_code(metrics::Run& run) const {
    if (exit_code_of_)
      if (const auto code = exit_code_of_(run.info.run_id)) run.info.exit_code = code;
    return run;
  }

  GroupedSeries series_;
  Unit unit_;
  const ExitCodeOf& exit_code_of_;
  std::uint64_t runs_ = 0;
  std::uint64_t failed_ = 0;
  std::map<std::pair<std::string, metrics::LabelList>, Tally> errors_;
  metrics::Run last_;
  std::deque<Before> before_;
};

// The known commands in the order of a night.
int place_of(std::string_view command) {
  constexpr std::array kOrder{"sync", "upsert", "package"};
  return static_cast<int>(std::ranges::find(kOrder, command) - kOrder.begin());
}

}  // namespace

Unit unit_for(std::uint64_t runs, WallTime first, WallTime last) {
  if (runs <= static_cast<std::uint64_t>(kMostPoints)) return Unit::run;
  const auto days = std::chrono::floor<std::chrono::days>(last - first).count() + 2;  // the first and last are parts
  if (days <= kMostPoints) return Unit::day;
  return days / 7 + 2 <= kMostPoints ? Unit::week : Unit::four_weeks;
}

WallTime group_start(Unit unit, WallTime at) {
  if (unit == Unit::run) return at;
  const int length = unit == Unit::day ? 1 : unit == Unit::week ? 7 : 28;
  // The epoch was a Thursday: three days on, weeks begin on Mondays.
  const auto days = std::chrono::floor<std::chrono::days>(at + kKst).time_since_epoch().count() + 3;
  const auto since = ((days % length) + length) % length;
  return WallTime(std::chrono::sys_days(std::chrono::days(days - 3 - since))) - kKst;
}

bool counts_errors(const metrics::Row& row) {
  if (row.kind != metrics::Kind::counter) return false;
  const auto status = metrics::value_of(row.labels, "status");
  if (row.metric == "packages_total") return status == "rejected" || status == "failed";
  if (row.metric == "api_requests_total")  // what was refused for its pace has a counter of its own
    return !status.empty() && status != "429" && !status.starts_with('2');
  constexpr std::array kEndings{"_429_total",    "retry_total",     "_rejected_total", "_failed_total",
                                "_errors_total", "_timeouts_total", "_conflict_total", "_lost_total"};
  return std::ranges::any_of(kEndings, [&](const char* ending) { return row.metric.ends_with(ending); });
}

History gather_history(const std::filesystem::path& file, WallTime from, const ExitCodeOf& exit_code_of,
                       const std::function<void(const std::string&)>& warn) {
  History history;
  Extent all;
  std::map<std::pair<int, std::string>, Extent> extents;
  const auto count = [&](metrics::Run&& run) {
    if (run.info.started_at < from) return;
    all.add(run.info.started_at);
    extents[{place_of(run.info.command), run.info.command}].add(run.info.started_at);
  };
  metrics::for_each_run(file, count, [&](const std::string& what) {
    if (++history.damaged > kToldDamage) return;
    history.damage.push_back(what);
    if (warn) warn(what);
  });
  if (all.runs == 0) return history;
  std::map<std::pair<int, std::string>, Passing> passing;
  for (const auto& [name, extent] : extents)
    passing.emplace(name, Passing(unit_for(extent.runs, extent.first, extent.last), exit_code_of));
  const auto keep = [&](metrics::Run&& run) {
    const auto found = passing.find({place_of(run.info.command), run.info.command});
    // A run that ended between the two passes may be the first of its command: it belongs to the next page.
    if (run.info.started_at >= from && found != passing.end()) found->second.add(std::move(run));
  };
  metrics::for_each_run(file, keep, [](const std::string&) {});
  history.runs = all.runs;
  history.first = all.first;
  history.last = all.last;
  for (auto& [name, one] : passing) history.commands.push_back(one.take(name.second));
  return history;
}

}  // namespace pipeline::report::page
