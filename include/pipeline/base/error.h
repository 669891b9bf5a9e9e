#pragma once

#include <stdexcept>
#include <string>

namespace pipeline {

// How the program ends; docs/commands.md lists the same table for users. The code is chosen by the error's type.
enum class ExitCode : int {
  ok = 0,
  failed = 1,         // nothing more could be done
  usage = 2,          // wrong usage, config or credentials
  partial = 3,        // some SKUs or posts failed, each named; the rest is saved
  over_budget = 4,    // done, but over budget or regressed
  try_later = 75,     // the lock is held, the quota used up, or the server down (EX_TEMPFAIL)
  interrupted = 130,  // SIGINT; what had arrived is saved
  terminated = 143,   // SIGTERM, or SIGHUP of a terminal that went; what had arrived is saved
};

// A message has action, object, reason and, where there is one, the next step.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ExitCode code = ExitCode::failed)
      : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

// Wrong command line, config file or credentials: the user has to change something before a new try.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(message, ExitCode::usage) {}
};

// Nothing is wrong that time will not mend: a held lock, a used-up quota.
class TryLaterError : public Error {
 public:
  explicit TryLaterError(const std::string& message) : Error(message, ExitCode::try_later) {}
};

}  // namespace pipeline
