#pragma once

#include "pipeline/base/file.h"

#include <sys/resource.h>
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::test {

// What a child can be given as its standard input: a file in memory with these bytes, or one end of a pipe.
[[nodiscard]] Fd input_of(std::string_view bytes);
struct Pipe {
  Pipe();
  Fd read;
  Fd write;
};

// What became of a child process.
struct Outcome {
  int exit_code = -1;  // 128 + the signal when one ended it, as a shell says it
  std::string out;
  std::string err;
  long peak_kilobytes = 0;  // maximum resident set
  double processor_seconds = 0;
};

// A child process with its output in files, so that no pipe can fill up. The environment is the given one alone, but
// for PATH, HOME, TMPDIR and what sanitizers need. Standard input is empty unless one is given, which the test may
// close afterwards. A child that is still there when this goes out of scope is killed.
class Process {
 public:
  using Environment = std::map<std::string, std::string>;

  Process(const std::vector<std::string>& arguments, const Environment& environment,
          const std::filesystem::path& folder, const Fd& input = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;
  [[nodiscard]] bool running();
  [[nodiscard]] Outcome wait();
  // Of a child that runs, the maximum resident set of its program alone: Outcome's begins with what this process has.
  [[nodiscard]] long peak_kilobytes_so_far() const;
  [[nodiscard]] std::string out_so_far() const;
  [[nodiscard]] std::string err_so_far() const;

 private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  rusage usage_{};
};

}  // namespace pipeline::test
