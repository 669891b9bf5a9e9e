#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"

#include <filesystem>
#include <string_view>

namespace pipeline {

// One run at a time on a thing: an flock on `<path>.lock`, which the kernel drops when its holder ends in whatever way.
// The file says who holds it (pid, what, since when) and stays behind, unlocked. Links are resolved first, so two names
// of one file are one lock. Throws TryLaterError naming the holder when it is held, Error when the file can't be made.
class RunLock {
 public:
  RunLock(const std::filesystem::path& path, std::string_view what, WallTime now);

 private:
  Fd fd_;
};

}  // namespace pipeline
