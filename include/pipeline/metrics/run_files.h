#pragma once

#include "pipeline/metrics/metrics.h"
#include "pipeline/metrics/record.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// The files of a run (RFC 4180, CRLF as it says, header first), written and read back. Columns are found by their
// names, in any order; columns of a later version are left alone.
namespace pipeline::metrics {

// The run's CSV, written atomically:
//   run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code
// `<dir>/<command>-<run_id>.csv`, which is returned; makes the folder. Throws Error.
std::filesystem::path write_run_csv(const std::filesystem::path& dir, const RunInfo& run, const std::vector<Row>& rows);

// `<dir>/<command>-<run_id>-samples.csv`: trace_id,content_id,sku,metric,started_at,seconds; one row per timed stage,
// streamed from the metrics' temporary file.
std::filesystem::path write_samples_csv(const std::filesystem::path& dir, const RunInfo& run, const Metrics& metrics);

// The run's rows with `started_at` in front, appended to `<dir>/history.csv` under a lock. Where
// the file begins with another header, ours stands again in front of them.
void append_history(const std::filesystem::path& dir, const RunInfo& run, const std::vector<Row>& rows);

// A run's CSV. Its start is what the run id says, to the second (the epoch when it says nothing). Throws Error naming
// the file, the line and what is wrong: no such file, no report of a run, a torn line, rows of two runs.
[[nodiscard]] Run read_run_csv(const std::filesystem::path& file);

// Each run of a history.csv, in the order they ended, one at a time: memory does not grow with the years. A line that
// can't be read (a torn one) is told to `fault` in words that name file and line, and left out; the rest goes on.
// Throws Error when there is no such file, or when it is no history.
void for_each_run(const std::filesystem::path& history, const std::function<void(Run&&)>& visit,
                  const std::function<void(const std::string&)>& fault);

// `<dir>/<command>-<run_id>-samples.csv`, which stands beside a run's CSV.
[[nodiscard]] std::filesystem::path samples_csv_of(const std::filesystem::path& run_csv);

// Each sample of that file, in no particular order, streamed; the views end with the call. Throws and tells faults as
// for_each_run does.
void for_each_sample(const std::filesystem::path& samples_csv, const std::function<void(const Sample&)>& visit,
                     const std::function<void(const std::string&)>& fault);

}  // namespace pipeline::metrics
