#include "child_process.h"

#include "pipeline/base/error.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

namespace pipeline::cli {
namespace {

// What posix_spawn is told, freed whatever happens.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // Signals are blocked here for a thread that waits for them; a child begins with none blocked.
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);  // ignored here
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

Fd memory_file() {
  Fd file(::memfd_create("pipeline", MFD_CLOEXEC));
  if (!file) throw Error(fmt::format("cannot speak with a program: {}", std::strerror(errno)));
  return file;
}

std::vector<char*> environment_of(bool without_keys) {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!without_keys || !std::string_view(*variable).starts_with("NAVER_COMMERCE_")) kept.push_back(*variable);
  kept.push_back(nullptr);
  return kept;
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                           const Options& options)
    : output_(memory_file()) {
  const Fd input = memory_file();
  write_all(input.get(), options.input, "what a program is given");
  ::lseek(input.get(), 0, SEEK_SET);
  SpawnPlan plan;
  posix_spawn_file_actions_adddup2(&plan.actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&plan.actions, output_.get(), STDOUT_FILENO);
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  auto environment = environment_of(options.without_keys);
  const int code =
      ::posix_spawn(&pid_, program.c_str(), &plan.actions, &plan.attributes, pointers.data(), environment.data());
  if (code != 0) throw Error(fmt::format("cannot start {}: {}", program.string(), std::strerror(code)));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(std::exchange(other.status_, std::nullopt)),
      output_(std::move(other.output_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  std::swap(output_, other.output_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (!is_started() || has_ended()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::poll() {
  int status = 0;
  if (!has_ended() && ::waitpid(pid_, &status, WNOHANG) == pid_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

std::string ChildProcess::output() const {
  std::string text;
  char piece[65'536];
  for (off_t at = 0;;) {
    const ssize_t read = ::pread(output_.get(), piece, sizeof piece, at);
    if (read <= 0) return text;
    text.append(piece, static_cast<std::size_t>(read));
    at += read;
  }
}

void ChildProcess::signal(int number) const noexcept {
  if (is_started() && !has_ended()) ::kill(pid_, number);
}

std::filesystem::path this_program() {
  return "/proc/self/exe";
}

}  // namespace pipeline::cli
