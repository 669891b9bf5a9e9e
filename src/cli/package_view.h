#pragma once

#include "pipeline/package/package.h"

#include "progress_line.h"
#include "session.h"

#include <nlohmann/json.hpp>

#include <string>

// What a package run shows: how it gets on, its summary.
namespace pipeline::cli {

// Posts done, their pace, the time left. From whichever thread, one call at a time.
class PackageProgress {
 public:
  explicit PackageProgress(Session& session);

  void update(const package::Progress& progress);

 private:
  [[nodiscard]] std::string text(const package::Progress& progress);

  const Clock& clock_;
  ProgressLine line_;
  Pace posts_;
};

[[nodiscard]] nlohmann::ordered_json counts_json(const package::Summary& summary);
[[nodiscard]] nlohmann::ordered_json summary_json(const Session& session, const package::Summary& summary,
                                                  bool from_queue);
// One line per post, but for unchanged ones, which are counted; then the counts.
[[nodiscard]] std::string summary_text(const Session& session, const package::Summary& summary, bool from_queue);

}  // namespace pipeline::cli
