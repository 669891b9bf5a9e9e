#include "sync_place.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"

#include "emulator/emulator.h"
#include "metrics/csv_parser.h"
#include "support/sql.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace pipeline::bench {
namespace {

// `2026-11-22T22:16:20.064Z`, as the reports write it.
double parse_utc(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%lfZ", &year, &month, &day, &hour, &minute, &second) != 6)
    throw std::runtime_error("samples: no time: " + text);
  using namespace std::chrono;
  const sys_days date{std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)};
  return duration<double>(date.time_since_epoch() + hours(hour) + minutes(minute)).count() + second;
}

// Calls visit(start, seconds) for each sample of the run with these metrics. Line by line: a large run has more samples
// than this process should hold, whose size its children inherit as the floor of their peak memory.
template <typename Visit>
void for_each_sample(const std::filesystem::path& metrics_csv, const std::string& metric, Visit visit) {
  std::string path = metrics_csv.string();
  path.insert(path.size() - std::string_view(".csv").size(), "-samples");
  std::ifstream lines(path);
  for (std::string line; std::getline(lines, line);) {
    // ...,metric,started_at,seconds
    const auto third = line.rfind(',');
    const auto second = line.rfind(',', third - 1);
    const auto first = line.rfind(',', second - 1);
    if (line.compare(first + 1, second - first - 1, metric) != 0) continue;
    visit(parse_utc(line.substr(second + 1, third - second - 1)), std::stod(line.substr(third + 1)));
  }
}

}  // namespace

double SyncRun::metric(const std::string& name, const std::string& column) const {
  const auto lines = test::CsvParser(read_file(metrics_csv)).parse();
  const auto& header = lines.front();
  const auto place = [&](const std::string& title) {
    return static_cast<std::size_t>(std::ranges::find(header, title) - header.begin());
  };
  double sum = 0;
  for (const auto& line : lines) {
    if (line[place("metric")] == name && !line[place(column)].empty()) sum += std::stod(line[place(column)]);
  }
  return sum;
}

Span SyncRun::span(const std::string& metric) const {
  Span span;
  for_each_sample(metrics_csv, metric, [&span](double start, double seconds) {
    span.from = span.count == 0 ? start : std::min(span.from, start);
    span.to = std::max(span.to, start + seconds);
    ++span.count;
  });
  if (span.count == 0) throw std::runtime_error("no sample of " + metric + " beside " + metrics_csv.string());
  return span;
}

std::vector<double> SyncRun::samples(const std::string& metric) const {
  std::vector<double> all;
  for_each_sample(metrics_csv, metric, [&all](double, double seconds) { all.push_back(seconds); });
  return all;
}

test::Process SyncPlace::start(const std::vector<std::string>& arguments) const {
  const emulator::Options known;
  std::vector<std::string> all{executable_,
                               "sync",
                               "--json",
                               "--log-level",
                               "warn",
                               "--base-url",
                               store_.base_url(),
                               "--db",
                               db().string(),
                               "--metrics-dir",
                               (folder_ / "metrics").string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return test::Process(
      all, {{"NAVER_COMMERCE_CLIENT_ID", known.client_id}, {"NAVER_COMMERCE_CLIENT_SECRET", known.client_secret}},
      folder_.path());
}

SyncRun SyncPlace::finish(test::Process& process) {
  const test::Outcome outcome = process.wait();
  if (outcome.exit_code != 0) throw std::runtime_error("pipeline sync failed: " + outcome.err + outcome.out);
  SyncRun run;
  run.summary = nlohmann::json::parse(outcome.out);
  run.metrics_csv = run.summary.at("metrics_csv").get<std::string>();
  run.peak_megabytes = static_cast<double>(outcome.peak_kilobytes) / 1024;
  run.processor_seconds = outcome.processor_seconds;
  return run;
}

SyncRun SyncPlace::sync(const std::vector<std::string>& arguments) const {
  test::Process process = start(arguments);
  return finish(process);
}

void SyncPlace::execute(const char* sql) const {
  (void)test::run_sql(db(), sql);
}

std::vector<std::string> SyncPlace::query(const std::string& sql, const char* before) const {
  const test::SqlConnection connection(db());
  (void)connection.run(before);
  std::vector<std::string> values;
  for (const auto& row : connection.run(sql)) values.push_back(row.front());
  return values;
}

}  // namespace pipeline::bench
