#pragma once

#include "pipeline/upsert/upsert.h"

#include "progress_line.h"

#include <string>

namespace pipeline::cli {

// How an upsert gets on. Main thread.
class UpsertProgress {
 public:
  UpsertProgress(const Clock& clock, bool shown);

  void update(const upsert::Progress& progress);

 private:
  [[nodiscard]] std::string text(const upsert::Progress& progress);

  const Clock& clock_;
  ProgressLine line_;
  Pace rows_;
  Pace bytes_;
};

}  // namespace pipeline::cli
