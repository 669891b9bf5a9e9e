#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pipeline::sheet {

// The beginning of a text for a message: at most `columns` wide, in one line, what can't be printed or seen as \n,
// \xB0, \u00A0.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t columns);

}  // namespace pipeline::sheet
