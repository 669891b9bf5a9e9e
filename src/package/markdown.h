#pragma once

#include <string>
#include <string_view>

namespace pipeline::package {

// CommonMark with tables, ~~strikethrough~~ and bare web addresses as links. HTML in it passes unchanged: the result
// has to be cleaned.
[[nodiscard]] std::string render_markdown(std::string_view markdown);

}  // namespace pipeline::package
