#include "pipeline/base/html_text.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"

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
    append_html(take_until(text, '\n'), out);
  }
  return out;
}

}  // namespace pipeline
