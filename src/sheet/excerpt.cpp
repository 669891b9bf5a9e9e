#include "pipeline/sheet/excerpt.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace pipeline::sheet {

std::string excerpt(std::string_view text, std::size_t columns) {
  std::string shown;
  while (!text.empty() && shown.size() < 4 * columns + 4) {  // enough to fill them
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t bytes = utf8_length(text);
    if (lead == '\n')
      shown += "\\n";
    else if (lead == '\r')
      shown += "\\r";
    else if (lead == '\t')
      shown += "\\t";
    else if (const auto character = bytes > 1 ? to_characters(text.substr(0, bytes)).front() : U' ';
             character != U' ' && is_blank(character))
      fmt::format_to(std::back_inserter(shown), "\\u{:04X}", static_cast<std::uint32_t>(character));
    else if (bytes == 0 || lead < 0x20 || lead == 0x7F)
      fmt::format_to(std::back_inserter(shown), "\\x{:02X}", lead);
    else
      shown += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return shorten(shown, columns);
}

}  // namespace pipeline::sheet
