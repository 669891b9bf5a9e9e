#include "pipeline/base/run_lock.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace pipeline {

namespace {

// Need not be there yet: the run that holds the lock may make it.
std::filesystem::path real_path(const std::filesystem::path& file) {
  const auto path = behind_links(file);
  std::error_code failed;
  const auto real = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : real;
}

std::string content_of(int fd) {
  char holder[256] = {};
  const ssize_t n = ::pread(fd, holder, sizeof holder - 1, 0);
  std::string_view name(holder, n > 0 ? static_cast<std::size_t>(n) : 0);
  while (name.ends_with('\n')) name.remove_suffix(1);
  return name.empty() ? "unnamed" : std::string(name);
}

// `1: FLOCK  ADVISORY  WRITE 4711 fe:01:131072 0 EOF` (proc(5)). The device is not compared: some file systems tell
// another one there than stat() does.
bool is_in_kernels_list(ino_t inode) {
  const std::string end = fmt::format(":{} 0 EOF", inode);
  std::ifstream locks("/proc/locks");  // a service may be kept from seeing it: then nobody is known to hold it
  for (std::string line; std::getline(locks, line);)
    if (line.find("FLOCK") != line.npos && line.find("->") == line.npos && line.ends_with(end)) return true;
  return false;
}

[[noreturn]] void refuse(int reason, int fd, const std::filesystem::path& lock, const std::filesystem::path& path) {
  if (reason != EWOULDBLOCK) throw Error(fmt::format("cannot lock {}: {}", lock.string(), std::strerror(reason)));
  throw TryLaterError(
      fmt::format("{} is held by another run ({}): wait for it to end, then try again", path.string(), content_of(fd)));
}

bool is_removed(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && status.st_nlink == 0;
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& path, std::string_view what, WallTime now) {
  const std::filesystem::path lock = real_path(path).string() + ".lock";
  do {
    fd_ = Fd(::open(lock.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    made_ = fd_ ? lock : std::filesystem::path();
    if (!fd_ && errno == EEXIST) fd_ = Fd(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!fd_) throw Error(fmt::format("cannot make the lock file {}: {}", lock.string(), std::strerror(errno)));
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) refuse(errno, fd_.get(), lock, path);
  } while (is_removed(fd_.get()));  // by its holder, between the two calls
  const auto holder = fmt::format("pid {}, {}, since {}\n", ::getpid(), what, format_utc(now));
  if (::ftruncate(fd_.get(), 0) != 0)
    throw Error(fmt::format("cannot write {}: {}", lock.string(), std::strerror(errno)));
  write_all(fd_.get(), holder, lock.string());
}

std::optional<std::string> holder_of_run_lock(const std::filesystem::path& path) {
  const std::filesystem::path lock = real_path(path).string() + ".lock";
  const Fd fd(::open(lock.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !is_in_kernels_list(status.st_ino)) return std::nullopt;
  return content_of(fd.get());
}

RunLock::~RunLock() {
  if (!made_.empty()) ::unlink(made_.c_str());  // before the lock is let go
}

}  // namespace pipeline
