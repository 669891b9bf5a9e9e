#include "table.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

namespace pipeline::cli {

void put_into(const Language& language, std::vector<std::string>& line, std::string_view sides) {
  if (language.is_english()) return;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (sides[i] == 'L' || sides[i] == 'R') line[i] = language.text(line[i]);
}

void put_head_into(const Language& language, std::vector<std::string>& head) {
  for (std::string& cell : head) cell = language.text(cell);
}

std::string plain_sides(std::string_view sides) {
  return to_lower(sides);
}

std::string table_text(std::vector<std::vector<std::string>> lines, std::string_view sides, const Language& language) {
  for (auto& line : lines)
    if (&line == &lines.front())
      put_head_into(language, line);
    else
      put_into(language, line, sides);
  return align_columns(lines, plain_sides(sides));
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t width = display_width(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

}  // namespace pipeline::cli
