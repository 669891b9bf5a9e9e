#pragma once

#include "pipeline/base/file.h"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::cli {

// A program that runs beside us. What it says on standard output is kept for output(); its standard error is ours. One
// that still runs when this goes away is ended.
class ChildProcess {
 public:
  struct Options {
    std::string input;          // its standard input
    bool without_keys = false;  // the shop's credentials are not in its environment
  };

  ChildProcess() = default;
  // Throws Error when it can't be started.
  ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments, const Options& options);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  [[nodiscard]] bool is_started() const noexcept { return pid_ > 0; }
  [[nodiscard]] bool has_ended() const noexcept { return status_.has_value(); }
  // What it ended with: its exit code, or 128 and the signal that ended it. Absent while it runs.
  [[nodiscard]] std::optional<int> poll();
  [[nodiscard]] std::string output() const;
  void signal(int number) const noexcept;  // does nothing when it does not run

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
  Fd output_;
};

// The executable that runs now, also when its file was replaced meanwhile.
[[nodiscard]] std::filesystem::path this_program();

}  // namespace pipeline::cli
