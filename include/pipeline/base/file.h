#pragma once

#include "pipeline/base/error.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace pipeline {

// A POSIX file descriptor, closed when it goes out of scope.
class Fd {
 public:
  Fd() noexcept = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

// Whether there is something by that name, a folder too. Throws Error naming it where that can't be known (a folder on
// the way that may not be searched, a ring of links).
[[nodiscard]] bool is_there(const std::filesystem::path& path);

// The file that a chain of symbolic links leads to, which need not be there. A ring of links is left to whoever opens
// it.
[[nodiscard]] std::filesystem::path behind_links(std::filesystem::path path);

// Reads a whole file. Throws Error naming the file and the reason.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// A file that appears whole or not at all: written beside its target, synced, then renamed over it by commit().
// Without commit() the destructor removes what was written. Throws Error naming the target.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  void flush();

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  Fd fd_;
  std::string buffer_;
};

// Appends `bytes` to the file, creating it with `header` when it is new or empty, under an exclusive flock: several
// processes append whole pieces, never a mixture. A torn last line (no newline) is ended first. Throws Error.
void append_locked(const std::filesystem::path& path, std::string_view header, std::string_view bytes);

// A pipe or socket whose reader has gone: who only shows something may end there, who has to tell something has failed.
class ReaderGoneError : public Error {
 public:
  using Error::Error;
};

// Writes all bytes to a descriptor, through short writes and EINTR. Throws Error with `what` as its subject.
void write_all(int fd, std::string_view bytes, std::string_view what);

// Makes a rename in the folder (empty: the current one) last through a power cut, where its file system can.
void sync_folder(const std::filesystem::path& folder) noexcept;

}  // namespace pipeline
