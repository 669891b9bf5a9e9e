#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/store/database.h"

#include "command.h"
#include "language.h"
#include "notify.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::cli {

// Whether a run's end is worth telling, and the telling: it did not end well, there is more to do than before, or it is
// good again after one that was not.
class News {
 public:
  News() = default;  // tells nobody
  // Notes how it stands before the run. Throws UsageError for a --notify that is no address. All is borrowed.
  News(const CommonOptions& common, const std::string& command, store::Database& database, const Clock& clock);

  // `verdict`: how it ended, in a sentence. Never throws.
  void tell(ExitCode code, const std::string& verdict, const Language& language) const noexcept;

  // Of what there is to do: each by itself in the operator's language.
  struct Line {
    std::string subject;
    std::string why;
  };

 private:
  // How it stands; what can't be known is absent.
  struct Standing {
    std::size_t todo = 0;
    std::string brief;            // write 1, upload 3
    std::vector<Line> first;      // of the list
    bool was_bad = false;         // the last run of the command, or of what a night runs
    nlohmann::ordered_json json;  // {write: 1, upload: 3, …}
  };
  [[nodiscard]] std::optional<Standing> standing() const;
  [[nodiscard]] Notification notification(ExitCode code, const std::string& verdict, const Language& language,
                                          const std::optional<Standing>& after) const;

  const CommonOptions* common_ = nullptr;
  std::string command_;
  store::Database* database_ = nullptr;
  const Clock* clock_ = nullptr;
  std::vector<NotifyAddress> addresses_;
  std::optional<Standing> before_;
};

}  // namespace pipeline::cli
