#include "pipeline/sheet/byte_source.h"

#include "pipeline/base/error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr int kPatienceMs = 200;

// A named pipe is opened without waiting for its writer: read() waits, and lets go from time to time.
Fd open_for_reading(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

std::string_view advice(int error) noexcept {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "; check the path";
    case EACCES:
      return "; make it readable for this user (chmod +r), folders on the way included";
    case EISDIR:
      return "; name the files in it";
    default:
      return "";
  }
}

[[noreturn]] void fail(const std::string& name, int error) {
  throw Error(fmt::format("cannot read {}: {}{}", name, std::strerror(error), advice(error)));
}

}  // namespace

ByteSource::ByteSource(std::string path) : name_(std::move(path)) {
  if (name_ == "-") {
    name_ = "standard input";
    fd_ = STDIN_FILENO;
  } else {
    owned_ = open_for_reading(name_);
    if (!owned_) fail(name_, errno);
    fd_ = owned_.get();
  }
  inspect();
}

ByteSource::ByteSource(Fd fd, std::string name) : name_(std::move(name)), owned_(std::move(fd)), fd_(owned_.get()) {
  inspect();
}

void ByteSource::inspect() {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) fail(name_, errno);
  if (S_ISDIR(status.st_mode)) fail(name_, EISDIR);
  regular_ = S_ISREG(status.st_mode);
  if (!regular_) return;
  const off_t start = ::lseek(fd_, 0, SEEK_CUR);  // standard input may have been read from already
  from_beginning_ = start == 0;
  size_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - std::max<off_t>(start, 0), 0));
  ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);  // advice: nothing depends on it
}

ByteSource::Got ByteSource::read(std::span<char> room, std::size_t& size) {
  size = 0;
  if (!regular_) {
    pollfd waiting{fd_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, kPatienceMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) return Got::nothing_yet;
    if (ready < 0) fail(name_, errno);
  }
  ssize_t n = 0;
  do n = ::read(fd_, room.data(), room.size());
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return Got::nothing_yet;  // another reader of the pipe was faster
  if (n < 0) fail(name_, errno);
  if (n == 0) return Got::end;
  size = static_cast<std::size_t>(n);
  bytes_read_ += size;
  return Got::bytes;
}

Fd ByteSource::whole_file() const {
  if (!regular_ || !from_beginning_) return {};
  Fd own(::fcntl(fd_, F_DUPFD_CLOEXEC, 0));
  if (!own) fail(name_, errno);
  return own;
}

}  // namespace pipeline::sheet
