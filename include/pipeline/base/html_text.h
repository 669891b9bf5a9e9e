#pragma once

#include <string>
#include <string_view>

namespace pipeline {

// Appends text as HTML, good between tags and between double quotes; characters that HTML may not hold are left out.
void append_html(std::string_view text, std::string& out);
[[nodiscard]] std::string html_of(std::string_view text);

// The same with line breaks as <br>.
[[nodiscard]] std::string html_lines(std::string_view text);

}  // namespace pipeline
