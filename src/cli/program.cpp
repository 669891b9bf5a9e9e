#include "program.h"

#include "child_process.h"

#include <chrono>
#include <thread>

namespace pipeline::cli {
namespace {

constexpr std::chrono::milliseconds kPoll{5};

}  // namespace

std::optional<std::string> output_of(const std::string& command, Nanoseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  ChildProcess program("/bin/sh", {"-c", "exec " + command + " 2>/dev/null"}, {.input = {}, .without_keys = true});
  std::optional<int> code;
  while (!(code = program.poll()) && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kPoll);
  return code == 0 ? std::optional(program.output()) : std::nullopt;
}

}  // namespace pipeline::cli
