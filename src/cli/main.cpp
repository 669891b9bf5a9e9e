#include "pipeline/cli/main.h"

#include "pipeline/base/error.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/log.h"
#include "pipeline/base/standard_streams.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/naver/credentials.h"

#include "all_stores.h"
#include "command_line.h"
#include "output.h"
#include "program_with_pictures.h"
#include "session.h"
#include "summary.h"

#include <cstdio>
#include <exception>
#include <string>

namespace pipeline::cli {
namespace {

// A call that can't be understood is refused in the way it asks to be told.
ExitCode refuse(const Failure& failure, const Manner& manner, Output& output) {
  const std::string trace_id = manner.trace_id.empty() ? make_trace_id() : manner.trace_id;
  log::init({log::Level::error, manner.log_format, trace_id});
  if (manner.log_format == log::Format::json)
    log::error("{}", failure.message);
  else
    std::fprintf(stderr, "pipeline: %s\n", Language(language_of(manner.language)).text(failure.message).c_str());
  if (manner.json) tell_refusal(manner.command, trace_id, failure, output);
  return failure.code;
}

ExitCode run(const Call& call, int argc, const char* const* argv, const PictureWork* pictures, Output& output) {
  if (call.command && call.command->common.all_stores) return run_all_stores(call, {argv + 1, argv + argc}, output);
  if (call.command) {
    if (pictures == nullptr && (call.entry->traits & kPictures) != 0) become_program_with_pictures(argv);
    return Session(call.entry->name, call.command->common, output, pictures).end(*call.entry, *call.command);
  }
  CommonOptions common;
  return Session("pipeline", common, output, pictures).end(true, [&] {
    output.write(call.text);
    return ExitCode::ok;
  });
}

}  // namespace

int main(int argc, const char* const* argv, const PictureWork* pictures) noexcept {
  prepare_standard_streams();
  try {
    Output output;
    Call call;
    try {
      call = parse_command_line(argc, argv, naver::process_environment);
    } catch (...) {
      const Failure failure = failure_of(std::current_exception());
      return static_cast<int>(refuse(failure, manner_of(argc, argv, naver::process_environment), output));
    }
    return static_cast<int>(run(call, argc, argv, pictures, output));
  } catch (...) {
    const Failure failure = failure_of(std::current_exception());
    std::fprintf(stderr, "pipeline: %s\n", failure.message.c_str());
    return static_cast<int>(failure.code);
  }
}

}  // namespace pipeline::cli
