#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::test {

// What became of a child process.
struct Outcome {
  int exit_code = -1;  // 128 + the signal when one ended it, as a shell says it
  std::string out;
  std::string err;
  long peak_kilobytes = 0;  // maximum resident set
};

// A child process with its output in files, so that no pipe can fill up. The environment is the given one alone, but
// for PATH, HOME, TMPDIR and what sanitizers need. A child that is still there when this goes out of scope is killed.
class Process {
 public:
  using Environment = std::map<std::string, std::string>;

  Process(const std::vector<std::string>& arguments, const Environment& environment,
          const std::filesystem::path& folder);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  [[nodiscard]] bool running();
  [[nodiscard]] Outcome wait();
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
