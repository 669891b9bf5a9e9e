#include "pipeline_run.h"

#include "support/process.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace pipeline::bench {

PipelineRun run_pipeline(std::vector<std::string> arguments, const std::filesystem::path& folder,
                         const std::string& executable) {
  const std::string command = arguments.front();
  arguments.insert(arguments.begin(), executable);
  const std::string metrics = (folder / "metrics").string();
  for (const char* more : {"--metrics-dir", metrics.c_str(), "--json", "--no-progress", "--log-level", "error"})
    arguments.emplace_back(more);
  const auto began = std::chrono::steady_clock::now();
  const test::Outcome outcome = test::Process(arguments, {}, folder).wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (outcome.exit_code != 0)
    throw std::runtime_error(fmt::format("pipeline {} failed: {}{}", command, outcome.err, outcome.out));
  PipelineRun run;
  run.summary = nlohmann::json::parse(outcome.out);
  run.metrics_csv = run.summary.at("metrics_csv").get<std::string>();
  run.peak_megabytes = static_cast<double>(outcome.peak_kilobytes) / 1024;
  run.processor_seconds = outcome.processor_seconds;
  run.seconds = took.count();
  return run;
}

}  // namespace pipeline::bench
