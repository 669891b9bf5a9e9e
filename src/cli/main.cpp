#include "pipeline/cli/main.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/cli/command_line.h"
#include "pipeline/naver/credentials.h"

#include "sync_command.h"

#include <fmt/core.h>

#include <cstdio>
#include <exception>

namespace pipeline::cli {
namespace {

// Log lines, table and summary share the trace id from the first line on.
void prepare(CommonOptions& common) {
  if (common.trace_id.empty()) common.trace_id = make_trace_id();
  if (common.quiet && common.log_level < log::Level::warn) common.log_level = log::Level::warn;
  log::init({common.log_level, common.log_format, common.trace_id});
}

ExitCode run(SyncCommand command) {
  const SystemClock clock;
  Interrupt interrupt;  // before any other thread, so that all inherit the blocked signals
  prepare(command.common);
  try {
    return run_sync(command, clock, interrupt);
  } catch (const Error& e) {
    log::error("sync: {}", e.what());
    return e.code();
  }
}

ExitCode run(const TextAnswer& answer) {
  fmt::print("{}", answer.text);
  return ExitCode::ok;
}

}  // namespace

int main(int argc, const char* const* argv) noexcept {
  try {
    auto invocation = parse_command_line(argc, argv, naver::process_environment);
    return static_cast<int>(std::visit([](auto& chosen) { return run(std::move(chosen)); }, invocation));
  } catch (const Error& e) {
    std::fprintf(stderr, "pipeline: %s\n", e.what());
    return static_cast<int>(e.code());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "pipeline: %s\n", e.what());
    return static_cast<int>(ExitCode::failed);
  }
}

}  // namespace pipeline::cli
