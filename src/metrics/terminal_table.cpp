#include "pipeline/metrics/terminal_table.h"

#include "pipeline/base/text.h"

#include <algorithm>

namespace pipeline::metrics {

std::string align_in_terminal(std::vector<std::vector<std::string>> lines, std::string_view sides) {
  constexpr std::size_t kGap = 2;
  std::size_t others = 0;
  for (std::size_t i = 1; i < sides.size(); ++i) {
    std::size_t width = 0;
    for (const auto& line : lines) width = std::max(width, display_width(line[i]));
    others += kGap + width;
  }
  for (auto& line : lines) line[0] = shorten(line[0], kTerminalColumns - std::min(others, kTerminalColumns));
  return align_columns(lines, sides);
}

}  // namespace pipeline::metrics
