#include "pipeline/base/html_text.h"

#include "pipeline/base/characters.h"

#include <algorithm>

namespace pipeline {

void append_html(std::string_view text, std::string& out) {
  for (const char32_t character : to_characters(text)) {
    switch (character) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (is_html_character(character)) append_utf8(character, out);
    }
  }
}

std::string html_of(std::string_view text) {
  std::string out;
  append_html(text, out);
  return out;
}

std::string html_lines(std::string_view text) {
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    if (!first) out += "<br>\n";
    const std::string_view line = text.substr(0, text.find('\n'));
    append_html(line, out);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

}  // namespace pipeline
