#include "pipeline/base/file.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>

namespace pipeline {
namespace {

constexpr std::size_t kWriteBuffer = std::size_t{64} << 10U;

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& path) {
  throw Error(fmt::format("{} {}: {}", action, path.string(), std::strerror(errno)));
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

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  // Not mkstemp(): its 0600 would hide reports from other users, and the umask can't be asked for without changing it
  // for all threads.
  std::random_device random;
  const auto path = fmt::format("{}.tmp-{:08x}{:08x}", target_.string(), random(), random());
  fd_ = Fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd_) fail("cannot write", target_);
  temporary_ = path;
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
