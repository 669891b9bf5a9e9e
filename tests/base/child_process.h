#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace pipeline::test {

// A forked child that runs `body` and exits with what it returns (99 when it throws), its standard error read by the
// test. For what can only be seen from outside: signals, locks, standard error. The test has no other thread meanwhile.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<int()>& body) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::_exit(run(body));
    }
    ::close(ends[1]);
    stderr_ = ends[0];
  }
  ~ChildProcess() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      wait();
    }
    ::close(stderr_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void kill(int signal) const { ::kill(pid_, signal); }

  // The next line of its standard error, waited for: how the child tells how far it is.
  [[nodiscard]] std::string read_line() {
    std::string line;
    char c = 0;
    while (::read(stderr_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }
  // All it still writes to its standard error, to its end.
  [[nodiscard]] std::string read_all() {
    std::string text;
    std::array<char, 4096> block{};
    for (ssize_t n = 0; (n = ::read(stderr_, block.data(), block.size())) > 0;)
      text.append(block.data(), static_cast<std::size_t>(n));
    return text;
  }
  // Waited for. Absent when a signal ended it.
  [[nodiscard]] std::optional<int> exit_code() {
    wait();
    return WIFEXITED(*status_) ? std::optional(WEXITSTATUS(*status_)) : std::nullopt;
  }

 private:
  static int run(const std::function<int()>& body) noexcept {
    try {
      return body();
    } catch (...) {
      return 99;
    }
  }

  void wait() {
    if (status_) return;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    status_ = status;
  }

  pid_t pid_ = 0;
  int stderr_ = -1;
  std::optional<int> status_;
};

}  // namespace pipeline::test
