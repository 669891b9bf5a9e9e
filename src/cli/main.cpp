#include "pipeline/cli/main.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/file.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/base/standard_streams.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/cli/command_line.h"
#include "pipeline/naver/credentials.h"

#include "output.h"
#include "package_command.h"
#include "queue_command.h"
#include "report_compare_command.h"
#include "report_history_command.h"
#include "report_html_command.h"
#include "report_run_command.h"
#include "run_frame.h"
#include "sync_command.h"
#include "upsert_command.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

std::vector<std::string> own_variables() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (const std::string_view text = *variable; text.starts_with("PIPELINE_"))
      names.emplace_back(text.substr(0, text.find('=')));
  return names;
}

// Log lines, table and summary share the trace id from the first line on.
void prepare(CommonOptions& common) {
  if (common.trace_id.empty()) common.trace_id = make_trace_id();
  if (common.quiet && common.log_level < log::Level::warn) common.log_level = log::Level::warn;
  log::init({common.log_level, common.log_format, common.trace_id});
  for (const auto& stray : stray_variables(own_variables())) log::warn("{}", stray);
}

// A run that could not begin has a summary too: who reads only that must not find nothing.
std::string refusal_json(std::string_view name, const std::string& trace_id, const Failure& failure) {
  using nlohmann::ordered_json;
  const ordered_json json = {{"trace_id", trace_id},
                             {"command", name.empty() ? ordered_json(nullptr) : ordered_json(name)},
                             {"status", status_word(failure.code)},
                             {"exit_code", static_cast<int>(failure.code)},
                             {"stopped", failure.message},
                             {"failures", nlohmann::ordered_json::array()}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// The last word of a run that failed already.
void tell(const std::string& text, Output& output) {
  try {
    output.write(text);
    output.flush();
  } catch (const Error& e) {
    log::error("{}", e.what());
  }
}

// A call that can't be understood is refused in the way it asks to be told.
ExitCode refuse(const Failure& failure, const Manner& manner, Output& output) {
  const std::string trace_id = manner.trace_id.empty() ? make_trace_id() : manner.trace_id;
  log::init({log::Level::error, manner.log_format, trace_id});
  if (manner.log_format == log::Format::json)
    log::error("{}", failure.message);
  else
    std::fprintf(stderr, "pipeline: %s\n", failure.message.c_str());
  if (manner.json) tell(refusal_json(manner.command, trace_id, failure), output);
  return failure.code;
}

// What nobody reads any more need not be shown: `queue list | head -1`, or a dry run. All else has to be told.
enum class Effect { shows, changes };

// The one catch of all commands, whatever they throw; and the one end of standard output.
template <typename Work>
ExitCode attempt(std::string_view name, CommonOptions& common, Effect effect, Output& output, Work&& work) {
  prepare(common);
  const auto fail = [&](const Failure& failure) {
    log::error("{}: {}", name, failure.message);
    if (common.json && output.take_back()) tell(refusal_json(name, common.trace_id, failure), output);
    return failure.code;
  };
  ExitCode code = ExitCode::ok;
  try {
    code = work();
    output.flush();
    return code;
  } catch (const ReaderGoneError& e) {
    return effect == Effect::shows ? code : fail({e.code(), e.what()});
  } catch (...) {
    return fail(failure_of(std::current_exception()));
  }
}

ExitCode run(SyncCommand command, Output& output) {
  const SystemClock clock;
  Interrupt interrupt;  // before any other thread, so that all inherit the blocked signals
  return attempt("sync", command.common, command.dry_run ? Effect::shows : Effect::changes, output,
                 [&] { return run_sync(command, clock, interrupt, output); });
}

ExitCode run(UpsertCommand command, Output& output) {
  const SystemClock clock;
  Interrupt interrupt;
  return attempt("upsert", command.common, command.dry_run ? Effect::shows : Effect::changes, output,
                 [&] { return run_upsert(command, clock, interrupt, output); });
}

ExitCode run(PackageCommand command, Output& output) {
  const SystemClock clock;
  Interrupt interrupt;
  return attempt("package", command.common, Effect::changes, output,
                 [&] { return run_package(command, clock, interrupt, output); });
}

ExitCode run(QueueCommand command, Output& output) {
  const SystemClock clock;
  const bool changes = command.action != QueueCommand::Action::list;
  return attempt(queue_name(command.action), command.common, changes ? Effect::changes : Effect::shows, output,
                 [&] { return run_queue(command, clock, output); });
}

// The commands within `report`.
template <typename Command>
ExitCode show(std::string_view name, Command& command, Output& output) {
  const SystemClock clock;
  return attempt(name, command.common, Effect::shows, output, [&] { return run_report(command, clock, output); });
}

ExitCode run(ReportRunCommand command, Output& output) {
  return show(command.check ? "report check" : "report show", command, output);
}

ExitCode run(ReportCompareCommand command, Output& output) {
  return show("report compare", command, output);
}

ExitCode run(ReportHistoryCommand command, Output& output) {
  return show("report history", command, output);
}

ExitCode run(ReportHtmlCommand command, Output& output) {
  return show("report html", command, output);
}

ExitCode run(const TextAnswer& answer, Output& output) {
  CommonOptions common;
  return attempt("pipeline", common, Effect::shows, output, [&] {
    output.write(answer.text);
    return ExitCode::ok;
  });
}

}  // namespace

int main(int argc, const char* const* argv) noexcept {
  prepare_standard_streams();
  try {
    Output output;
    Invocation invocation;
    try {
      invocation = parse_command_line(argc, argv, naver::process_environment);
    } catch (...) {
      const Failure failure = failure_of(std::current_exception());
      return static_cast<int>(refuse(failure, manner_of(argc, argv, naver::process_environment), output));
    }
    return static_cast<int>(std::visit([&](auto& chosen) { return run(std::move(chosen), output); }, invocation));
  } catch (...) {
    const Failure failure = failure_of(std::current_exception());
    std::fprintf(stderr, "pipeline: %s\n", failure.message.c_str());
    return static_cast<int>(failure.code);
  }
}

}  // namespace pipeline::cli
