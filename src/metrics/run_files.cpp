#include "pipeline/metrics/run_files.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/csv.h"

#include "csv_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <fstream>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

namespace pipeline::metrics {
namespace {

constexpr double kMostSamples = 9e15;  // whole numbers up to there are exact

// Of a run's rows, in the order of its file. A history has started_at in front, and exit_code came with version 0.2.
enum Column : std::size_t {
  run_id,
  trace_id,
  command,
  kind,
  metric,
  labels,
  unit,
  count,
  figures,
  started_at = figures + kFigures.size()
};
constexpr std::array<std::string_view, started_at> kColumns{"run_id", "trace_id", "command", "kind", "metric",
                                                            "labels", "unit",     "count",   "sum",  "min",
                                                            "mean",   "p50",      "p95",     "p99",  "max"};
constexpr std::array<std::string_view, 6> kSampleColumns{"trace_id", "content_id", "sku",
                                                         "metric",   "started_at", "seconds"};

std::string header(std::span<const std::string_view> columns, std::string_view more = "") {
  return fmt::format("{}{}\r\n", fmt::join(columns, ","), more);
}

// --- writing ---

void add_row(CsvText& csv, const RunInfo& run, const Row& row) {
  csv.field(run.run_id).field(run.trace_id).field(run.command);
  csv.field(to_string(row.kind)).field(row.metric).field(to_text(row.labels)).field(row.unit);
  if (row.kind == Kind::timer)
    csv.field(row.count);
  else
    csv.empty();
  for (const Figure& figure : kFigures)
    csv.field(row.count > 0 || figure.value == &Row::sum ? std::optional(row.*figure.value) : std::nullopt);
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

// --- reading ---

constexpr std::string_view kAsItWas = "did a spreadsheet change it? take the file as it was from a backup";

std::optional<double> finite_number(std::string_view text) {
  const auto number = parse_number<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
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
  row.labels = parse_labels(table[labels]);
  row.unit = table[unit];
  if (row.kind == Kind::timer) {
    const auto samples = finite_number(table.number(count));  // a spreadsheet writes 1E+06
    if (!samples || *samples < 0 || *samples != std::floor(*samples) || *samples > kMostSamples)
      return fmt::format("count is no whole number: {} ({})", table[count], kAsItWas);
    row.count = static_cast<std::uint64_t>(*samples);
  }
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    if (row.count == 0 && i > 0) break;
    const auto value = finite_number(table.number(figures + i));
    if (!value) return fmt::format("{} is no number: {} ({})", kFigures[i].name, table[figures + i], kAsItWas);
    row.*kFigures[i].value = *value;
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
  if (const auto code = finite_number(table.optional("exit_code"))) info.exit_code = static_cast<int>(*code);
  return info;
}

}  // namespace

std::filesystem::path write_run_csv(const std::filesystem::path& dir, const RunInfo& run,
                                    const std::vector<Row>& rows) {
  make_folder(dir, "the metrics folder");
  CsvText csv;
  for (const Row& row : rows) add_row(csv, run, row);
  auto path = run_file(dir, run, "");
  AtomicFile file(path);
  file.write(header(kColumns, ",exit_code"));
  file.write(csv.text());
  file.commit();
  return path;
}

std::filesystem::path write_samples_csv(const std::filesystem::path& dir, const RunInfo& run, const Metrics& metrics) {
  make_folder(dir, "the metrics folder");
  auto path = run_file(dir, run, "-samples");
  AtomicFile file(path);
  file.write(header(kSampleColumns));
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
  make_folder(dir, "the metrics folder");
  const auto file = dir / "history.csv";
  const auto first = "started_at," + header(kColumns, ",exit_code");
  CsvText csv;
  for (const Row& row : rows) add_row(csv.field(format_utc(run.started_at)), run, row);
  // An older version's file, or a spreadsheet's, goes on below a header of ours, and is left as it is.
  const bool is_ours = first_line(file).value_or(first) == first;
  append_locked(file, first, is_ours ? csv.text() : first + csv.text());
}

Run read_run_csv(const std::filesystem::path& file) {
  CsvTable table(file, "report of a run", {kColumns.begin(), kColumns.end()});
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
  std::vector<std::string_view> columns(kColumns.begin(), kColumns.end());
  columns.emplace_back("started_at");
  CsvTable table(history, "history of runs", std::move(columns));
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
  CsvTable table(samples_csv, "list of samples", {kSampleColumns.begin() + 1, kSampleColumns.end()});
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) {
      fault(table.fault());
      continue;
    }
    Sample sample;
    const auto started = parse_utc(table[3]);
    const auto seconds = finite_number(table.number(4));
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
