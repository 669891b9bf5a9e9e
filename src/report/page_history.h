#pragma once

#include "pipeline/report/history.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the page asks of a history.
namespace pipeline::report::page {

// The commands in the order of a night, of each the whole run first, then the stages that take most time.
[[nodiscard]] History in_order_of_a_night(History history);

// A kind of error, and how often: of nothing that went well.
struct Tally {
  std::string metric;
  metrics::LabelList labels;
  std::uint64_t last = 0;    // in the last run
  std::uint64_t period = 0;  // in all
  std::uint64_t runs = 0;    // that had any
};
// Most frequent first.
[[nodiscard]] std::vector<Tally> errors_of(const CommandHistory& command);

// Whether the counter counts something that went wrong.
[[nodiscard]] bool counts_errors(std::string_view metric, const metrics::LabelList& labels);

// What the last run is held against.
struct Before {
  std::size_t runs = 0;      // before the last, up to kBefore, that got through
  std::vector<double> like;  // seconds for each item of work, of those of them that had like work
};
inline constexpr std::size_t kBefore = 30;
[[nodiscard]] Before before_last(const CommandHistory& command);

}  // namespace pipeline::report::page
