#include "pipeline/base/file.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>

namespace pipeline {
namespace {

constexpr std::size_t kWriteBuffer = std::size_t{64} << 10U;

// /dev/stdout, /dev/fd/63, /proc/self/fd/1: what is open already, by its name.
bool is_descriptor(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 3> kStreams{"/dev/stdin", "/dev/stdout", "/dev/stderr"};
  std::error_code failed;  // the current folder may be gone
  const std::string name = std::filesystem::absolute(path, failed).lexically_normal().string();
  const bool in_process = name.starts_with("/proc/") && name.find("/fd/") != std::string::npos;
  return in_process || name.starts_with("/dev/fd/") || std::ranges::find(kStreams, name) != kStreams.end();
}

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& path) {
  throw Error(fmt::format("{} {}: {}", action, path.string(), std::strerror(errno)));
}

// What is no regular file is written into, never put another in the place of: as /dev/null is for everybody. The reader
// of a pipe has to be there.
Fd open_as_it_is(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) fail("cannot write", path);
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) fail("cannot write", path);
  return fd;
}

// Who might read the old file may read the new one, and nobody else.
void take_over(const struct stat& there, int fd) {
  if (::fchown(fd, there.st_uid, there.st_gid) != 0 && ::fchown(fd, static_cast<uid_t>(-1), there.st_gid) != 0) {
    // Another's file: it becomes the one's who writes it anew.
  }
  constexpr mode_t kRights = 0777;
  if (::fchmod(fd, there.st_mode & kRights) != 0) {
    // A file system without rights.
  }
}

// Who held the lock may have put another file in its place (metrics/upkeep.h): what is appended to the old one is lost.
Fd open_locked(const std::filesystem::path& path) {
  while (true) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!fd) fail("cannot append to", path);
    while (::flock(fd.get(), LOCK_EX) != 0)
      if (errno != EINTR) fail("cannot lock", path);
    struct stat opened {};
    struct stat named {};
    if (::fstat(fd.get(), &opened) != 0) fail("cannot append to", path);
    const bool is_still_there = ::stat(path.c_str(), &named) == 0;
    if (is_still_there && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev) return fd;
  }
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code unknown;
  const bool found = std::filesystem::exists(path, unknown);
  if (unknown)
    throw Error(
        fmt::format("cannot look at {}: {}: look at the path and its permissions", path.string(), unknown.message()));
  return found;
}

std::string read_file(const std::filesystem::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail("cannot read", path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) fail("cannot read", path);
  // One byte more than it has, so that the end is seen without another block. A file of /proc or a pipe says 0.
  std::string content(static_cast<std::size_t>(status.st_size) + 1, '\0');
  for (std::size_t size = 0;;) {
    if (size == content.size()) content.resize(size + std::max(size, kWriteBuffer));
    const ssize_t n = ::read(fd.get(), content.data() + size, content.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot read", path);
    size += static_cast<std::size_t>(n);
    if (n > 0) continue;
    content.resize(size);
    return content;
  }
}

void write_all(int fd, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EPIPE) throw ReaderGoneError(fmt::format("cannot write {}: nobody reads it any more", what));
    if (n < 0)
      throw Error(fmt::format("cannot write {}: {}", what, errno == EBADF ? "it is closed" : std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void sync_folder(const std::filesystem::path& folder) noexcept {
  const Fd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());  // some file systems can't sync a folder; the rename has happened either way
}

std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int kMost = 40;
  std::error_code none;
  for (int i = 0; i < kMost && !is_descriptor(path) && std::filesystem::is_symlink(path, none); ++i) {
    const auto target = std::filesystem::read_symlink(path, none);
    if (none) break;
    path = path.parent_path() / target;
  }
  return path;
}

AtomicFile::AtomicFile(std::filesystem::path target) : target_(behind_links(std::move(target))) {
  struct stat there {};
  const bool is_there = ::stat(target_.c_str(), &there) == 0;
  const bool may_be_replaced = S_ISREG(there.st_mode) || S_ISDIR(there.st_mode);  // a folder is refused by rename()
  if (is_there && (!may_be_replaced || is_descriptor(target_))) {
    fd_ = open_as_it_is(target_);
    return;
  }
  // Not mkstemp(): its 0600 would hide reports from other users, and the umask can't be asked for without changing it
  // for all threads.
  std::random_device random;
  const auto path = fmt::format("{}.tmp-{:08x}{:08x}", target_.string(), random(), random());
  fd_ = Fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd_) fail("cannot write", target_);
  temporary_ = path;
  if (is_there) take_over(there, fd_.get());
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kWriteBuffer) flush();
}

void AtomicFile::flush() {
  write_all(fd_.get(), buffer_, target_.string());
  buffer_.clear();
}

void AtomicFile::commit() {
  flush();
  if (temporary_.empty()) return fd_.reset();  // a device or a pipe has it already
  if (::fsync(fd_.get()) != 0) fail("cannot write", target_);
  fd_.reset();
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot write", target_);
  temporary_.clear();
  sync_folder(target_.parent_path());
}

void append_locked(const std::filesystem::path& path, std::string_view header, std::string_view bytes) {
  const Fd fd = open_locked(path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) fail("cannot append to", path);
  std::string piece;
  if (status.st_size == 0) {
    piece = header;
  } else {
    char last = '\n';
    if (::pread(fd.get(), &last, 1, status.st_size - 1) == 1 && last != '\n') piece = "\r\n";
  }
  piece += bytes;
  try {
    write_all(fd.get(), piece, path.string());
  } catch (const Error&) {
    // Half a piece (a full disk) must not stay: the next run would append to a torn line.
    if (::ftruncate(fd.get(), status.st_size) != 0) fail("cannot restore", path);
    throw;
  }
}

}  // namespace pipeline
