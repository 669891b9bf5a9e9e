#include "pipeline/metrics/run_files.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "csv_table.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>

namespace pipeline::metrics {
namespace {

constexpr double kMostSamples = 9e15;  // whole numbers up to there are exact

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

constexpr std::string_view kAsItWas = "did a spreadsheet change it? take the file as it was from a backup";

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Digits that a spreadsheet put away: 1.03E+10.
bool is_rounded_number(std::string_view text) {
  const auto power = text.find("E+");
  return power != std::string_view::npos && power > 0 &&
         text.find_first_not_of("0123456789.,E+") == std::string_view::npos;
}

// What is wrong with the record; empty when it is a row. A figure that its kind does not have is an empty cell, and
// zero.
std::string read_row(const CsvTable& table, Row& row) {
  const auto known = parse_kind(table[kind]);
  if (!known) return fmt::format("there is no kind of metric {}", table[kind]);
  row.kind = *known;
  row.metric = table[metric];
  row.labels = table[labels];
  row.unit = table[unit];
  if (row.kind == Kind::timer) {
    const auto samples = parse_number(table.number(count));  // a spreadsheet writes 1E+06
    if (!samples || *samples < 0 || *samples != std::floor(*samples) || *samples > kMostSamples)
      return fmt::format("count is no whole number: {} ({})", table[count], kAsItWas);
    row.count = static_cast<std::uint64_t>(*samples);
  }
  constexpr std::array kNames{"sum", "min", "mean", "p50", "p95", "p99", "max"};
  const std::array values{&row.sum, &row.min, &row.mean, &row.p50, &row.p95, &row.p99, &row.max};
  const std::size_t has = row.count > 0 ? values.size() : 1;
  for (std::size_t i = 0; i < has; ++i) {
    const auto value = parse_number(table.number(sum + i));
    if (!value) return fmt::format("{} is no number: {} ({})", kNames[i], table[sum + i], kAsItWas);
    *values[i] = *value;
  }
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
  RunInfo info{std::string(table[run_id]), std::string(table[trace_id]), std::string(table[command]),
               start_of(table[run_id]), std::nullopt};
  if (const auto code = parse_number(table.optional("exit_code"))) info.exit_code = static_cast<int>(*code);
  return info;
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
  std::unordered_set<std::size_t> seen;  // hashes of run ids: some bytes a night
  const auto hand_over = [&] {
    if (!run.rows.empty()) visit(std::exchange(run, {}));
  };
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) {
      fault(table.fault());
      continue;
    }
    Row row;
    auto wrong = read_row(table, row);
    const bool goes_on = table[run_id] == run.info.run_id && !run.rows.empty();
    // A spreadsheet may have made another time of it, in nobody knows which zone; then the run id tells it.
    const auto told = parse_utc(table[started_at]);
    const auto started = goes_on ? run.info.started_at : told.value_or(start_of(table[run_id]));
    if (!told && started == WallTime())
      wrong = fmt::format("started_at is no UTC time: {} ({})", table[started_at], kAsItWas);
    if (!wrong.empty()) {
      fault(table.place(wrong));
      continue;
    }
    if (!goes_on) {
      hand_over();
      run.info = info_of(table);
      run.info.started_at = started;
      if (!seen.insert(std::hash<std::string>()(run.info.run_id)).second)
        throw Error(
            table.place(fmt::format("the run {} stands in two places, so the file was sorted, or two were joined: "
                                    "sort it by started_at and run_id, and remove what is double",
                                    run.info.run_id)));
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
    const auto seconds = parse_number(table.number(4));
    if (!started || !seconds || is_rounded_number(table[0]) || is_rounded_number(table[1])) {
      fault(table.place(!started   ? fmt::format("started_at is no UTC time: {} ({})", table[3], kAsItWas)
                        : !seconds ? fmt::format("seconds is no number: {} ({})", table[4], kAsItWas)
                                   : fmt::format("digits of {} are gone ({})",
                                                 table[is_rounded_number(table[0]) ? 0 : 1], kAsItWas)));
      continue;
    }
    sample.seconds = *seconds;
    sample.content_id = table[0];
    sample.sku = table[1];
    sample.metric = table[2];
    sample.started_at = *started;
    visit(sample);
  }
}

}  // namespace pipeline::metrics
