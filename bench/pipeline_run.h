#pragma once

#include "support/process.h"
#include "support/sync_stand.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {

// From the first start to the last end of a run's samples of one metric. Seconds since 1970, to the millisecond.
struct Span {
  double from = 0;
  double to = 0;
  std::int64_t count = 0;
  [[nodiscard]] double seconds() const noexcept { return to - from; }
};

// What a run of the executable told of itself, and how long the process lived by the clock of another.
struct Run {
  nlohmann::json summary;
  std::filesystem::path metrics_csv;
  double peak_megabytes = 0;
  double processor_seconds = 0;  // of the whole process
  double seconds = 0;

  // A figure of the run's CSV; summed over the labels. 0 when the stage never ran.
  [[nodiscard]] double metric(const std::string& name, const std::string& figure = "sum") const;
  [[nodiscard]] Span span(const std::string& metric) const;
  // How long each of its samples took, in seconds.
  [[nodiscard]] std::vector<double> samples(const std::string& metric) const;
  // A count of the summary, as the figures of the reports are.
  [[nodiscard]] double count(const char* key) const { return summary.at(key).get<double>(); }

  // Of an upsert.
  [[nodiscard]] double rows_per_s() const { return count("rows_read") / seconds; }
  // Of `package`: of one post, or the sum of many.
  [[nodiscard]] double build_seconds() const { return metric("package_build_seconds"); }
};

// `EXECUTABLE ARGUMENTS --json …` with its metrics in `folder`, under way.
class PipelineProcess {
 public:
  PipelineProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                  const std::string& executable = test::pipeline_binary(),
                  const test::Process::Environment& environment = {});

  // Throws, with what the executable said, unless the run ended with 0.
  [[nodiscard]] Run wait();

 private:
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const std::string command_;
  test::Process process_;
};

// Runs a script of the programs before this one in `folder`: the seconds that it prints, without the start of Python.
[[nodiscard]] double run_script(const std::vector<std::string>& command, const std::filesystem::path& folder);

}  // namespace pipeline::bench
