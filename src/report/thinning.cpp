#include "pipeline/report/thinning.h"

#include "pipeline/base/file.h"
#include "pipeline/metrics/run_files.h"
#include "pipeline/report/history.h"
#include "pipeline/report/iso_week.h"
#include "pipeline/report/work.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace pipeline::report {
namespace {

struct Candidate {
  std::string run_id;
  bool got_through = false;
  double seconds = 0;
  WallTime at;
};

// Those that got through first, by their time; then the others, by their start.
bool stands_before(const Candidate& a, const Candidate& b) {
  if (a.got_through != b.got_through) return a.got_through;
  return a.got_through ? std::tie(a.seconds, a.at) < std::tie(b.seconds, b.at) : a.at < b.at;
}

const std::string& stays_of(std::vector<Candidate>& week) {
  std::ranges::sort(week, stands_before);
  const auto good = static_cast<std::size_t>(std::ranges::count(week, true, &Candidate::got_through));
  return good == 0 ? week.back().run_id : week[(good - 1) / 2].run_id;
}

}  // namespace

Thinning thin_weeks(const std::filesystem::path& history, WallTime before) {
  Thinning thinning;
  if (!is_there(history)) return thinning;
  const auto first_kept = week_of(before);  // the week that the moment is in is not over
  std::map<std::pair<std::chrono::sys_days, std::string>, std::vector<Candidate>> weeks;
  metrics::for_each_run(
      history,
      [&](metrics::Run&& run) {
        ++thinning.runs;
        const auto week = week_of(run.info.started_at);
        if (week >= first_kept) return;
        weeks[{week, run.info.command}].push_back(
            {run.info.run_id, got_through(run), passed(run).seconds, run.info.started_at});
      },
      [](const std::string&) {});
  for (auto& [week, runs] : weeks) {
    const std::string& stays = stays_of(runs);
    for (const Candidate& run : runs)
      if (run.run_id != stays) thinning.goes.insert(run.run_id);
  }
  return thinning;
}

}  // namespace pipeline::report
