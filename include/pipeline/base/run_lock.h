#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pipeline {

// One run at a time on a thing: an flock on `<path>.lock`, which the kernel drops when its holder ends in whatever way.
// The file says who holds it (pid, what, since when). Links are resolved first, so two names of one file are one lock.
// Throws TryLaterError naming the holder when it is held, Error when the file can't be made.
//
// A file that the lock made goes with it, unless it is kept: who is refused by the thing (it is another program's, or
// damaged) leaves nothing beside it.
class RunLock {
 public:
  RunLock(const std::filesystem::path& path, std::string_view what, WallTime now);
  RunLock(RunLock&& other) noexcept : fd_(std::move(other.fd_)), made_(std::exchange(other.made_, {})) {}
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

  // From now on the file stays behind, unlocked.
  void keep_file() noexcept { made_.clear(); }

 private:
  Fd fd_;
  std::filesystem::path made_;  // empty: it was there before, or is kept
};

// Who holds the lock now, as its file says it; absent: nobody. Asks the kernel's list, so it takes nothing, and a run
// that begins at that moment is not in its way.
[[nodiscard]] std::optional<std::string> holder_of_run_lock(const std::filesystem::path& path);

}  // namespace pipeline
