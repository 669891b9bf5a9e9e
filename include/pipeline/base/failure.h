#pragma once

#include "pipeline/base/error.h"

#include <exception>
#include <string>

namespace pipeline {

// What an exception of whatever kind comes to: how the program ends by it, and what is said of it.
struct Failure {
  ExitCode code = ExitCode::failed;
  std::string message;
};

// An Error says both itself. Any other exception is a failed run: one of the file system is named with its path, one
// for want of memory with what to do, and the rest, which nobody foresaw, with its own words.
[[nodiscard]] Failure failure_of(const std::exception_ptr& exception);

}  // namespace pipeline
