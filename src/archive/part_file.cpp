#include "part_file.h"

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>

namespace pipeline::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmall = std::size_t{64} << 10U;         // copied and written with its neighbours
constexpr std::uint64_t kWriteBack = std::uint64_t{1} << 20U;  // at a time
constexpr std::size_t kRandomDigits = 16;                      // of random_digits()
constexpr std::string_view kSuffix = ".part";

std::string random_digits() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

// `.<target>.<random>.part`
bool is_part(std::string_view name) {
  constexpr std::size_t kTail = 1 + kRandomDigits + kSuffix.size();
  if (!name.starts_with('.') || !name.ends_with(kSuffix) || name.size() < kTail + 2) return false;
  const std::string_view random = name.substr(name.size() - kTail, kTail - kSuffix.size());
  return random.front() == '.' && random.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

// Creates the file and locks it. Another process that clears the folder may have been quicker than the lock.
Fd create(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  struct stat status {};
  if (fd && (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(fd.get(), &status) != 0 || status.st_nlink == 0)) {
    errno = EEXIST;
    return {};
  }
  return fd;
}

bool is_written_by_another(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::string advice(int reason, const fs::path& folder) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return "; make room there and run again";
    case EFBIG:
      return "; raise the limit on file sizes (ulimit -f) and run again";
    case EIO:
      return "; check the disk";
    case EACCES:
    case EPERM:
    case EROFS:
      return fmt::format("; let this user write to {}", folder.string());
    case ENOENT:
    case ENOTDIR:
      return fmt::format("; {} must be a folder", folder.string());
    case EISDIR:
      return "; a folder has its name";
    default:
      return {};
  }
}

[[noreturn]] void fail_to(std::string_view action, const fs::path& target, int reason) {
  throw Error(fmt::format("cannot {} {}: {}{}", action, target.string(), std::strerror(reason),
                          advice(reason, folder_of(target))));
}

}  // namespace

PartFile::PartFile(fs::path target) : target_(std::move(target)) {
  do {
    path_ = folder_of(target_) / fmt::format(".{}.{}{}", target_.filename().string(), random_digits(), kSuffix);
    fd_ = create(path_);
  } while (!fd_ && (errno == EEXIST || errno == EINTR));
  if (!fd_) fail_to("write", target_, errno);
}

PartFile::~PartFile() {
  discard();
}

void PartFile::append(std::string_view header, std::string_view data) {
  pending_ += header;
  size_ += header.size() + data.size();
  if (data.size() < kSmall) {
    pending_ += data;
    data = {};
  }
  if (!data.empty() || pending_.size() >= kSmall) write(data);
}

void PartFile::flush() {
  if (!pending_.empty()) write({});
}

// What is pending, and `data` behind it.
void PartFile::write(std::string_view data) {
  std::string_view head = pending_;
  while (!head.empty() || !data.empty()) {
    // writev() takes pointers to what it does not change.
    const std::array<iovec, 2> pieces{
        {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(data.data()), data.size()}}};
    const ssize_t n = ::writev(fd_.get(), pieces.data(), pieces.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail();
    const auto done = static_cast<std::size_t>(n);
    const std::size_t of_head = std::min(done, head.size());
    head.remove_prefix(of_head);
    data.remove_prefix(done - of_head);
    written_ += done;
  }
  pending_.clear();
  start_write_back();
}

// So that little is left to do for fsync(). Only a hint: errors come back from fsync().
void PartFile::start_write_back() noexcept {
  if (written_ - writing_to_ < kWriteBack) return;
  ::sync_file_range(fd_.get(), static_cast<off64_t>(writing_to_), static_cast<off64_t>(written_ - writing_to_),
                    SYNC_FILE_RANGE_WRITE);
  writing_to_ = written_;
}

void PartFile::sync() {
  flush();
  if (::fsync(fd_.get()) != 0) fail();
}

void PartFile::commit() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail();
  fd_.reset();
}

void PartFile::discard() noexcept {
  if (!fd_) return;
  ::unlink(path_.c_str());
  fd_.reset();
}

void PartFile::fail() {
  const int reason = errno;
  discard();
  fail_to("write", target_, reason);
}

void remove_litter(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!is_part(entry->path().filename().string()) || is_written_by_another(entry->path())) continue;
    fs::remove(entry->path(), error);
    if (error) break;
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(fmt::format("cannot remove what an earlier run left in {}: {}{}", folder.string(), error.message(),
                            advice(error.value(), folder)));
}

}  // namespace pipeline::archive
