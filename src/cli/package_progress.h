#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/package/package.h"

#include "progress_line.h"

#include <string>

namespace pipeline::cli {

// How a package run gets on: posts done, their pace, the time left. From whichever thread, one call at a time.
class PackageProgress {
 public:
  PackageProgress(const Clock& clock, bool shown);

  void update(const package::Progress& progress);

 private:
  [[nodiscard]] std::string text(const package::Progress& progress);

  const Clock& clock_;
  ProgressLine line_;
  Pace posts_;
};

}  // namespace pipeline::cli
