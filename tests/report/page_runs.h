#pragma once

#include "pipeline/metrics/run_files.h"

#include "support/temp_dir.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::test {

inline metrics::Row timer_row(std::string metric, std::uint64_t count, double p50, double p95, double p99,
                              std::string_view labels = "") {
  const double n = static_cast<double>(count);
  return {metrics::Kind::timer,
          std::move(metric),
          metrics::parse_labels(labels),
          "seconds",
          count,
          n * p50,
          p50,
          p50,
          p50,
          p95,
          p99,
          p99};
}

inline metrics::Row counter_row(std::string metric, double sum, std::string_view labels = "") {
  metrics::Row row;
  row.metric = std::move(metric);
  row.labels = metrics::parse_labels(labels);
  row.unit = "1";
  row.sum = sum;
  return row;
}

// A metrics folder with runs of given figures.
class MadeRuns {
 public:
  static constexpr WallTime kFirst{std::chrono::milliseconds(1'763'920'800'000)};  // 2025-11-24 03:00 KST, a Monday

  // A night's sync of 4 lists and 100 details; its run id.
  std::string sync(int night, double seconds = 4, std::vector<metrics::Row> more = {}) {
    more.push_back(counter_row("api_requests_total", 4, "endpoint=list;status=200"));
    more.push_back(counter_row("api_requests_total", 100, "endpoint=detail;status=200"));
    std::vector<metrics::Row> rows{timer_row("sync_total_seconds", 1, seconds, seconds, seconds),
                                   timer_row("detail_fetch_seconds", 100, 0.1 * seconds, 0.2 * seconds, 0.3 * seconds),
                                   timer_row("list_fetch_seconds", 4, 0.05, 0.06, 0.07),
                                   timer_row("db_lock_wait_seconds", 0, 0, 0, 0)};
    rows.insert(rows.end(), more.begin(), more.end());
    return add("sync", night, rows);
  }

  std::string add(const std::string& command, int night, const std::vector<metrics::Row>& rows,
                  std::optional<int> exit_code = 0) {
    const std::string trace = fmt::format("{:032x}", ++runs_);
    const auto run_id = fmt::format("run-{:04}", runs_);
    metrics::append_history(path(), {run_id, trace, command, kFirst + std::chrono::days(night), exit_code}, rows);
    return run_id;
  }

  // A samples file with these lines: `content_id,sku,metric,started_at,seconds`.
  void samples(const std::string& command, const std::string& run_id, const std::vector<std::string>& lines) const {
    std::string text = "trace_id,content_id,sku,metric,started_at,seconds\r\n";
    for (const auto& line : lines) text += "0," + line + "\r\n";
    write(fmt::format("{}-{}-samples.csv", command, run_id), text);
  }

  void append(const std::string& file, std::string_view text) const {
    std::ofstream(path() / file, std::ios::binary | std::ios::app) << text;
  }
  void write(const std::string& file, std::string_view text) const {
    std::ofstream(path() / file, std::ios::binary) << text;
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }
  [[nodiscard]] std::filesystem::path history() const { return folder_ / "history.csv"; }

 private:
  TempDir folder_;
  int runs_ = 0;
};

}  // namespace pipeline::test
