#include "browser.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace pipeline::cli {
namespace {

constexpr const char* kOpener = "xdg-open";

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// posix_spawn's tables, freed when they go out of scope.
class Spawning {
 public:
  Spawning() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&files_, fd, "/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
    // A session of its own: it is not ended with the terminal or by Ctrl-C.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID);
  }
  ~Spawning() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  // 0, or the reason as errno has it.
  [[nodiscard]] int start(const char* program, std::string& argument) {
    std::string name(program);
    const std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
    pid_t child = 0;
    return posix_spawnp(&child, program, &files_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::string open_in_browser(const std::filesystem::path& page) {
  if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) return "there is no desktop to open it on";
  std::error_code ignored;
  std::string whole = std::filesystem::absolute(page, ignored).string();
  if (ignored) whole = page.string();
  if (const int reason = Spawning().start(kOpener, whole); reason != 0)
    return fmt::format("{} can't be started: {}", kOpener, std::strerror(reason));
  return {};
}

}  // namespace pipeline::cli
