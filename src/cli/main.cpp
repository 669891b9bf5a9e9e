#include "pipeline/cli/main.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/cli/command_line.h"
#include "pipeline/naver/credentials.h"

#include "package_command.h"
#include "queue_command.h"
#include "report_compare_command.h"
#include "report_history_command.h"
#include "report_html_command.h"
#include "report_run_command.h"
#include "run_frame.h"
#include "sync_command.h"
#include "upsert_command.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <exception>
#include <string_view>

namespace pipeline::cli {
namespace {

// Log lines, table and summary share the trace id from the first line on.
void prepare(CommonOptions& common) {
  if (common.trace_id.empty()) common.trace_id = make_trace_id();
  if (common.quiet && common.log_level < log::Level::warn) common.log_level = log::Level::warn;
  log::init({common.log_level, common.log_format, common.trace_id});
}

// A run that could not begin has a summary too: who reads only that must not find nothing.
std::string refusal_json(std::string_view name, const std::string& trace_id, const Error& error) {
  const nlohmann::ordered_json json = {{"trace_id", trace_id},
                                       {"command", name},
                                       {"status", status_word(error.code())},
                                       {"exit_code", static_cast<int>(error.code())},
                                       {"stopped", error.what()},
                                       {"failures", nlohmann::ordered_json::array()}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// The one catch of all commands.
template <typename Work>
ExitCode attempt(std::string_view name, CommonOptions& common, Work&& work) {
  prepare(common);
  try {
    return work();
  } catch (const Error& e) {
    log::error("{}: {}", name, e.what());
    if (common.json) fmt::print("{}\n", refusal_json(name, common.trace_id, e));
    return e.code();
  }
}

ExitCode run(SyncCommand command) {
  const SystemClock clock;
  Interrupt interrupt;  // before any other thread, so that all inherit the blocked signals
  return attempt("sync", command.common, [&] { return run_sync(command, clock, interrupt); });
}

ExitCode run(UpsertCommand command) {
  const SystemClock clock;
  Interrupt interrupt;
  return attempt("upsert", command.common, [&] { return run_upsert(command, clock, interrupt); });
}

ExitCode run(PackageCommand command) {
  const SystemClock clock;
  Interrupt interrupt;
  return attempt("package", command.common, [&] { return run_package(command, clock, interrupt); });
}

ExitCode run(QueueCommand command) {
  const SystemClock clock;
  return attempt(queue_name(command.action), command.common, [&] { return run_queue(command, clock); });
}

ExitCode run(ReportRunCommand command) {
  const SystemClock clock;
  return attempt(command.check ? "report check" : "report show", command.common,
                 [&] { return run_report(command, clock); });
}

ExitCode run(ReportCompareCommand command) {
  const SystemClock clock;
  return attempt("report compare", command.common, [&] { return run_report(command, clock); });
}

ExitCode run(ReportHistoryCommand command) {
  const SystemClock clock;
  return attempt("report history", command.common, [&] { return run_report(command, clock); });
}

ExitCode run(ReportHtmlCommand command) {
  const SystemClock clock;
  return attempt("report html", command.common, [&] { return run_report(command, clock); });
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
