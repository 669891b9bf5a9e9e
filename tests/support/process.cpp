#include "support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace pipeline::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

Fd input_of(std::string_view bytes) {
  Fd file(::memfd_create("input", MFD_CLOEXEC));
  write_all(file.get(), bytes, "a test's input");
  if (::lseek(file.get(), 0, SEEK_SET) != 0) throw std::runtime_error("lseek");
  return file;
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  read = Fd(ends[0]);
  write = Fd(ends[1]);
}

Process::Process(const std::vector<std::string>& arguments, const Environment& environment,
                 const std::filesystem::path& folder, const Fd& input) {
  static std::atomic<int> number{0};
  const int n = ++number;
  out_ = folder / fmt::format("out-{}", n);
  err_ = folder / fmt::format("err-{}", n);
  std::vector<std::string> argv = arguments;
  std::vector<std::string> env;
  for (const char* kept : {"PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(kept)) env.push_back(fmt::format("{}={}", kept, value));
  for (const auto& [name, value] : environment) env.push_back(name + "=" + value);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input)
    posix_spawn_file_actions_adddup2(&actions, input.get(), 0);
  else
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int failed =
      ::posix_spawn(&pid_, argv.front().c_str(), &actions, nullptr, pointers(argv).data(), pointers(env).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error(fmt::format("cannot start {}: {}", argv.front(), std::strerror(failed)));
}

Process::~Process() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
  ::kill(pid_, number);
}

bool Process::running() {
  int status = 0;
  if (!status_ && ::wait4(pid_, &status, WNOHANG, &usage_) == pid_) status_ = status;
  return !status_;
}

Outcome Process::wait() {
  int status = 0;
  while (!status_) {
    if (::wait4(pid_, &status, 0, &usage_) == pid_)
      status_ = status;
    else if (errno != EINTR)
      throw std::runtime_error(fmt::format("cannot wait for a child: {}", std::strerror(errno)));
  }
  Outcome outcome;
  outcome.exit_code = WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_);
  outcome.out = read_file(out_);
  outcome.err = read_file(err_);
  outcome.peak_kilobytes = usage_.ru_maxrss;
  outcome.processor_seconds = seconds(usage_.ru_utime) + seconds(usage_.ru_stime);
  return outcome;
}

long Process::peak_kilobytes_so_far() const {
  constexpr std::string_view kPeak = "VmHWM:";
  const std::string status = read_file(fmt::format("/proc/{}/status", pid_));
  return std::stol(status.substr(status.find(kPeak) + kPeak.size()));
}

std::string Process::out_so_far() const {
  return read_file(out_);
}

std::string Process::err_so_far() const {
  return read_file(err_);
}

}  // namespace pipeline::test
