#include "pipeline_run.h"

#include "pipeline/metrics/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace pipeline::bench {
namespace {

std::vector<std::string> command_line(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                                      const std::string& executable) {
  std::vector<std::string> all{executable};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.insert(all.end(),
             {"--metrics-dir", (folder / "metrics").string(), "--json", "--no-progress", "--log-level", "error"});
  return all;
}

double figure_of(const metrics::Row& row, std::string_view figure) {
  if (figure == "count") return static_cast<double>(row.count);
  return row.*std::ranges::find(metrics::kFigures, figure, &metrics::Figure::name)->value;
}

// Calls visit(sample) for each sample of the metric, one at a time: a large run has more of them than this process
// should hold, whose size its children inherit as the floor of their peak memory.
template <typename Visit>
void for_each_sample_of(const Run& run, const std::string& metric, Visit visit) {
  metrics::for_each_sample(
      metrics::samples_csv_of(run.metrics_csv),
      [&](const metrics::Sample& sample) {
        if (sample.metric == metric) visit(sample);
      },
      [](const std::string& fault) { throw std::runtime_error(fault); });
}

}  // namespace

double Run::metric(const std::string& name, const std::string& figure) const {
  double sum = 0;
  for (const metrics::Row& row : metrics::read_run_csv(metrics_csv).rows)
    if (row.metric == name) sum += figure_of(row, figure);
  return sum;
}

Span Run::span(const std::string& metric) const {
  Span span;
  for_each_sample_of(*this, metric, [&span](const metrics::Sample& sample) {
    const double start = std::chrono::duration<double>(sample.started_at.time_since_epoch()).count();
    span.from = span.count == 0 ? start : std::min(span.from, start);
    span.to = std::max(span.to, start + sample.seconds);
    ++span.count;
  });
  if (span.count == 0) throw std::runtime_error("no sample of " + metric + " beside " + metrics_csv.string());
  return span;
}

std::vector<double> Run::samples(const std::string& metric) const {
  std::vector<double> all;
  for_each_sample_of(*this, metric, [&all](const metrics::Sample& sample) { all.push_back(sample.seconds); });
  return all;
}

PipelineProcess::PipelineProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                                 const std::string& executable, const test::Process::Environment& environment)
    : command_(arguments.front()), process_(command_line(arguments, folder, executable), environment, folder) {}

Run PipelineProcess::wait() {
  const test::Outcome outcome = process_.wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  if (outcome.exit_code != 0)
    throw std::runtime_error(fmt::format("pipeline {} failed: {}{}", command_, outcome.err, outcome.out));
  Run run;
  run.summary = nlohmann::json::parse(outcome.out);
  run.metrics_csv = run.summary.at("metrics_csv").get<std::string>();
  run.peak_megabytes = static_cast<double>(outcome.peak_kilobytes) / 1024;
  run.processor_seconds = outcome.processor_seconds;
  run.seconds = took.count();
  return run;
}

double run_script(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  std::vector<std::string> arguments{"/usr/bin/env", "python3"};
  arguments.insert(arguments.end(), command.begin(), command.end());
  const test::Outcome outcome = test::Process(arguments, {}, folder).wait();
  if (outcome.exit_code != 0) throw std::runtime_error(fmt::format("{} failed: {}", command.front(), outcome.err));
  return std::stod(outcome.out);
}

}  // namespace pipeline::bench
