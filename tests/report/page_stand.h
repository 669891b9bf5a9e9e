#pragma once

#include "page_runs.h"
#include "support/process.h"
#include "support/sync_stand.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::test {

inline constexpr const char* kBudget = R"({"sets": {"own": [
  {"name": "a detail <b>", "command": "sync", "metric": "detail_fetch_seconds", "statistic": "p95", "at_most": "500 ms"},
  {"name": "the night", "command": "sync", "metric": "sync_total_seconds", "statistic": "sum", "at_most": "1 h"},
  {"name": "many", "command": "sync", "metric": "detail_fetch_seconds", "statistic": "p99", "at_most": "2 s",
   "when": [{"metric": "detail_fetch_seconds", "statistic": "count", "at_least": 1000}]},
  {"name": "gone", "command": "sync", "metric": "nowhere_seconds", "statistic": "p95", "at_most": "1 s"}]}})";

// The executable on a made history of which any day is within the last ten years.
class PageStand {
 public:
  Outcome report(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{
        pipeline_binary(), "report", "html",  "--metrics-dir", made.path().string(), "--db", db(),
        "--weeks",         "520",    "--out", page().string(), "--log-format",       "json"};
    all.insert(all.end(), more.begin(), more.end());
    return Process(all, {{"LC_ALL", "C.UTF-8"}}, made.path()).wait();
  }
  // The page that came out; throws what was said instead.
  std::string html(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"--language", "ko"};  // the last one counts
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = report(all);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    return read_file(page());
  }

  // Three nights of all there is: errors, samples of products and posts with awkward names, a rule of each outcome.
  void make_rich() {
    for (int night = 0; night < 5; ++night)
      made.sync(night, 4 + night % 3,
                {counter_row("api_requests_total", night, "endpoint=detail;status=500"),
                 counter_row("retry_total", 2, "endpoint=detail")});
    const auto last = made.sync(5, 95, {timer_row("pace_wait_seconds", 3, 0.1, 0.2, 0.3, "endpoint=<i>detail</i>")});
    made.samples(
        "sync", last,
        {",,sync_total_seconds,2025-11-29T18:00:00.000Z,95", ",,list_fetch_seconds,2025-11-29T18:00:00.100Z,20",
         ",10300000001,detail_fetch_seconds,2025-11-29T18:00:10.000Z,40",
         ",<script>alert(1)</script>,detail_fetch_seconds,2025-11-29T18:00:20.000Z,60"});
    const auto post =
        made.add("package", 5,
                 {timer_row("package_total_seconds", 1, 3, 3, 3), counter_row("packages_total", 2, "status=rejected")});
    made.samples("package", post, {"\"POST\"\"'<&1\",A1,zip_seconds,2025-11-29T18:10:00.000Z,0.5"});
    made.add("upsert", 5, {timer_row("upsert_total_seconds", 1, 1, 1, 1)});
    made.write("budget.json", kBudget);
  }
  [[nodiscard]] std::vector<std::string> with_budget() const {
    return {"--budget", (made.path() / "budget.json").string()};
  }

  [[nodiscard]] std::filesystem::path page() const { return made.path() / "page.html"; }
  [[nodiscard]] std::string db() const { return (made.path() / "store.db").string(); }

  MadeRuns made;
};

}  // namespace pipeline::test
