#include "pipeline/metrics/run_files.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "csv_table.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace pipeline::metrics {
namespace {

// The places of the columns in the lists below.
enum Column : std::size_t {
  run_id,
  trace_id,
  command,
  kind,
  metric,
  labels,
  unit,
  count,
  sum,
  low,
  mean,
  p50,
  p95,
  p99,
  high,
  started_at
};

CsvTable open_run(const std::filesystem::path& file) {
  return {file,
          "report of a run",
          {"run_id", "trace_id", "command", "kind", "metric", "labels", "unit", "count", "sum", "min", "mean", "p50",
           "p95", "p99", "max"}};
}

CsvTable open_history(const std::filesystem::path& file) {
  return {file,
          "history of runs",
          {"run_id", "trace_id", "command", "kind", "metric", "labels", "unit", "count", "sum", "min", "mean", "p50",
           "p95", "p99", "max", "started_at"}};
}

std::optional<Kind> parse_kind(std::string_view text) {
  if (text == "timer") return Kind::timer;
  if (text == "counter") return Kind::counter;
  if (text == "gauge") return Kind::gauge;
  return std::nullopt;
}

// An empty cell is zero.
template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  if (text.empty()) return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// What is wrong with the record; empty when it is a row.
std::string read_row(const CsvTable& table, Row& row) {
  const auto known = parse_kind(table[kind]);
  if (!known) return fmt::format("there is no kind of metric {}", table[kind]);
  row.kind = *known;
  row.metric = table[metric];
  row.labels = table[labels];
  row.unit = table[unit];
  if (!parse_number(table[count], row.count)) return fmt::format("count is no number: {}", table[count]);
  constexpr std::array kNames{"sum", "min", "mean", "p50", "p95", "p99", "max"};
  const std::array values{&row.sum, &row.min, &row.mean, &row.p50, &row.p95, &row.p99, &row.max};
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!parse_number(table[sum + i], *values[i])) return fmt::format("{} is no number: {}", kNames[i], table[sum + i]);
  return {};
}

// `20261122T221620-4bf92f35`, as runs are named.
WallTime start_of(std::string_view id) {
  if (id.size() < 15 || id[8] != 'T') return {};
  const auto part = [&](std::size_t at, std::size_t size) { return id.substr(at, size); };
  return parse_utc(fmt::format("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 2), part(6, 2), part(9, 2), part(11, 2),
                               part(13, 2)))
      .value_or(WallTime());
}

RunInfo info_of(const CsvTable& table) {
  return {std::string(table[run_id]), std::string(table[trace_id]), std::string(table[command]),
          start_of(table[run_id])};
}

}  // namespace

Run read_run_csv(const std::filesystem::path& file) {
  CsvTable table = open_run(file);
  Run run;
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) throw Error(table.fault());
    if (run.rows.empty()) run.info = info_of(table);
    if (table[run_id] != run.info.run_id) throw Error(table.place("rows of two runs in one report"));
    Row& row = run.rows.emplace_back();
    if (const auto wrong = read_row(table, row); !wrong.empty()) throw Error(table.place(wrong));
  }
  if (run.rows.empty()) throw Error(fmt::format("{} is empty: the run measured nothing", file.string()));
  return run;
}

void for_each_run(const std::filesystem::path& history, const std::function<void(Run&&)>& visit,
                  const std::function<void(const std::string&)>& fault) {
  CsvTable table = open_history(history);
  Run run;
  const auto hand_over = [&] {
    if (!run.rows.empty()) visit(std::exchange(run, {}));
  };
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) {
      fault(table.fault());
      continue;
    }
    Row row;
    const auto started = parse_utc(table[started_at]);
    auto wrong = read_row(table, row);
    if (!started) wrong = fmt::format("started_at is no time: {}", table[started_at]);
    if (!wrong.empty()) {
      fault(table.place(wrong));
      continue;
    }
    if (table[run_id] != run.info.run_id) {
      hand_over();
      run.info = info_of(table);
      run.info.started_at = *started;
    }
    run.rows.push_back(std::move(row));
  }
  hand_over();
}

std::filesystem::path samples_csv_of(const std::filesystem::path& run_csv) {
  auto path = run_csv;
  path.replace_filename(run_csv.stem().string() + "-samples.csv");
  return path;
}

void for_each_sample(const std::filesystem::path& samples_csv, const std::function<void(const Sample&)>& visit,
                     const std::function<void(const std::string&)>& fault) {
  CsvTable table(samples_csv, "list of samples", {"content_id", "sku", "metric", "started_at", "seconds"});
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) {
      fault(table.fault());
      continue;
    }
    Sample sample;
    const auto started = parse_utc(table[3]);
    if (!started || table[4].empty() || !parse_number(table[4], sample.seconds)) {
      fault(table.place("started_at or seconds are none"));
      continue;
    }
    sample.content_id = table[0];
    sample.sku = table[1];
    sample.metric = table[2];
    sample.started_at = *started;
    visit(sample);
  }
}

}  // namespace pipeline::metrics
