#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/report/morning.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::report {

// What a page is made of. What the report layer cannot know comes as functions; each may be empty.
struct PageRequest {
  std::filesystem::path metrics_dir;  // with history.csv and the samples of the last runs
  WallTime now;
  int weeks = 13;
  std::string language = "ko";                                              // ko or en: what the page opens with
  const metrics::Budget* budget = nullptr;                                  // none: neither limits nor verdicts
  const Morning* morning = nullptr;                                         // none: the measurements alone
  std::vector<std::pair<std::string, std::string>> machine;                 // key of page_text.h, value
  std::function<std::optional<std::string>(std::string_view sku)> name_of;  // a product's name
  std::function<std::optional<int>(std::string_view run_id)> exit_code_of;  // how a run ended
  std::function<void(const std::string&)> warn;                             // a line that can't be read
};

struct Page {
  std::string html;
  std::uint64_t runs = 0;           // of the period
  std::uint64_t damaged_lines = 0;  // which were left out; the page tells of them
};

// One HTML file that needs nothing but itself. The charts are SVG written here: uPlot and Chart.js draw on a canvas,
// which can neither be printed sharply nor read aloud, and each is larger than all of this. The same request gives the
// same bytes. Of a long history only groups of runs are kept. With a morning the measurements are folded behind it, and
// may be missing. Throws UsageError when there is neither a morning nor a history.csv with runs of the period; Error
// when it can't be read.
[[nodiscard]] Page make_page(const PageRequest& request);

// When the page in this file was made; absent: there is none, or it does not say.
[[nodiscard]] std::optional<WallTime> when_made(const std::filesystem::path& page);

}  // namespace pipeline::report
