#include "pipeline/report/work.h"

#include <algorithm>
#include <string_view>

namespace pipeline::report {
namespace {

using metrics::Row;
using metrics::Run;

constexpr double kMostApart = 1.5;
constexpr double kWrittenRow = 10;
constexpr double kVideo = 6;
constexpr double kUnchangedPost = 0.03;

// The counter's sum, or the timer's number; nothing when the run has no such row.
std::optional<double> amount(const Run& run, std::string_view metric) {
  std::optional<double> amount;
  for (const Row& row : run.rows)
    if (row.metric == metric)
      amount = amount.value_or(0) + (row.kind == metrics::Kind::timer ? static_cast<double>(row.count) : row.sum);
  return amount;
}

std::optional<double> calls_of(const Run& run) {
  std::optional<double> calls;
  for (const Row& row : run.rows) {
    if (row.metric != "api_requests_total") continue;
    calls = calls.value_or(0);
    const auto endpoint = metrics::value_of(row.labels, "endpoint");
    if (metrics::value_of(row.labels, "status") == "200" && (endpoint == "list" || endpoint == "detail"))
      *calls += row.sum;
  }
  return calls;
}

}  // namespace

bool got_through(int exit_code) noexcept {
  return exit_code == 0 || exit_code == 3 || exit_code == 4;
}

bool got_through(const Run& run) {
  return run.info.exit_code ? got_through(*run.info.exit_code) : work_of(run) != 0.0;
}

std::optional<double> work_of(const Run& run) {
  if (run.info.command == "sync") return calls_of(run);
  if (run.info.command == "upsert") {
    const auto rows = amount(run, "rows_read_total");
    if (!rows) return std::nullopt;
    return *rows + kWrittenRow * amount(run, "db_upsert_rows_total").value_or(0);
  }
  if (run.info.command == "package") {
    const auto pictures = amount(run, "images_total");
    if (!pictures) return std::nullopt;
    return *pictures + kVideo * amount(run, "keyframe_extract_seconds").value_or(0) +
           kUnchangedPost * amount(run, "package_check_seconds").value_or(0);
  }
  return std::nullopt;
}

bool is_like_work(double one, double other) noexcept {
  const auto [less, more] = std::minmax(one, other);
  return less > 0 && more <= kMostApart * less;
}

}  // namespace pipeline::report
