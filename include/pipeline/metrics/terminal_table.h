#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::metrics {

inline constexpr std::size_t kTerminalColumns = 100;

// align_columns() within a terminal's width: the first column is shortened to what the others leave it.
[[nodiscard]] std::string align_in_terminal(std::vector<std::vector<std::string>> lines, std::string_view sides);

}  // namespace pipeline::metrics
