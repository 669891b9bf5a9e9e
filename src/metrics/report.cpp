#include "pipeline/metrics/report.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"

#include <fmt/core.h>

#include <fstream>
#include <optional>

namespace pipeline::metrics {
namespace {

constexpr std::string_view kRowHeader =
    "run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code\r\n";
constexpr std::string_view kSampleHeader = "trace_id,content_id,sku,metric,started_at,seconds\r\n";

std::string_view kind_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::timer:
      return "timer";
    case Kind::counter:
      return "counter";
    case Kind::gauge:
      return "gauge";
  }
  return {};
}

void add_row(CsvText& csv, const RunInfo& run, const Row& row) {
  csv.field(run.run_id).field(run.trace_id).field(run.command);
  csv.field(kind_name(row.kind)).field(row.metric).field(row.labels).field(row.unit);
  if (row.kind == Kind::timer)
    csv.field(row.count);
  else
    csv.empty();
  csv.field(row.sum);
  for (const double statistic : {row.min, row.mean, row.p50, row.p95, row.p99, row.max}) {
    if (row.count > 0)
      csv.field(statistic);
    else
      csv.empty();
  }
  csv.field(run.exit_code ? std::to_string(*run.exit_code) : "");
  csv.end_line();
}

std::filesystem::path run_file(const std::filesystem::path& dir, const RunInfo& run, std::string_view suffix) {
  return dir / fmt::format("{}-{}{}.csv", run.command, run.run_id, suffix);
}

std::optional<std::string> first_line(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line + '\n';
}

void make_folder(const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) throw Error(fmt::format("cannot make the metrics folder {}: {}", dir.string(), error.message()));
}

}  // namespace

std::filesystem::path write_run_csv(const std::filesystem::path& dir, const RunInfo& run,
                                    const std::vector<Row>& rows) {
  make_folder(dir);
  CsvText csv;
  for (const Row& row : rows) add_row(csv, run, row);
  auto path = run_file(dir, run, "");
  AtomicFile file(path);
  file.write(kRowHeader);
  file.write(csv.text());
  file.commit();
  return path;
}

std::filesystem::path write_samples_csv(const std::filesystem::path& dir, const RunInfo& run, const Metrics& metrics) {
  make_folder(dir);
  auto path = run_file(dir, run, "-samples");
  AtomicFile file(path);
  file.write(kSampleHeader);
  CsvText csv;
  metrics.for_each_sample([&](const Sample& sample) {
    csv.field(run.trace_id).field(sample.content_id).field(sample.sku).field(sample.metric);
    csv.field(format_utc(sample.started_at)).field(sample.seconds).end_line();
    file.write(csv.text());
    csv.clear();
  });
  file.commit();
  return path;
}

void append_history(const std::filesystem::path& dir, const RunInfo& run, const std::vector<Row>& rows) {
  make_folder(dir);
  const auto file = dir / "history.csv";
  const auto header = fmt::format("started_at,{}", kRowHeader);
  CsvText csv;
  for (const Row& row : rows) add_row(csv.field(format_utc(run.started_at)), run, row);
  // An older version's file, or a spreadsheet's, goes on below a header of ours, and is left as it is.
  const bool is_ours = first_line(file).value_or(header) == header;
  append_locked(file, header, is_ours ? csv.text() : header + csv.text());
}

}  // namespace pipeline::metrics
