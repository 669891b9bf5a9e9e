#pragma once

#include "pipeline/base/error.h"

#include "command_line.h"
#include "package_command.h"
#include "queue_command.h"
#include "report_compare_command.h"
#include "report_history_command.h"
#include "report_html_command.h"
#include "sync_command.h"
#include "upsert_command.h"

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::test {

// Variables of the process, for the time of a scope: the parser reads them there.
class ScopedEnvironment {
 public:
  explicit ScopedEnvironment(const std::map<std::string, std::string>& variables) {
    for (const auto& [name, value] : variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
      names_.push_back(name);
    }
  }
  ~ScopedEnvironment() {
    for (const auto& name : names_) ::unsetenv(name.c_str());
  }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::vector<std::string> names_;
};

inline cli::Call parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"pipeline"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  return cli::parse_command_line(static_cast<int>(argv.size()), argv.data(), [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

// The command that the arguments call, which has to be of that kind.
template <typename Kind>
Kind parse_as(const std::vector<std::string>& arguments) {
  return dynamic_cast<const Kind&>(*parse(arguments).command);
}

// `pipeline sync` with the arguments.
inline cli::SyncCommand parse_sync(std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), "sync");
  return parse_as<cli::SyncCommand>(arguments);
}

// The message of the usage error; empty when there was none.
inline std::string usage_error(const std::vector<std::string>& arguments) {
  try {
    (void)parse(arguments);
    return {};
  } catch (const UsageError& e) {
    return e.what();
  }
}

}  // namespace pipeline::test
