#pragma once

#include "language.h"

#include <string>
#include <string_view>
#include <vector>

// Tables for people: put into their language before they are aligned, since Korean letters are two columns wide.
namespace pipeline::cli {

// Lines as align_columns() takes them, of which the first is the head. In `sides` the cells of columns L and R are the
// program's own words; those of l and r, names that people gave and numbers, stay as they are.
[[nodiscard]] std::string table_text(std::vector<std::vector<std::string>> lines, std::string_view sides,
                                     const Language& language);
// One line of it, to be aligned with others later; `sides` as above.
void put_into(const Language& language, std::vector<std::string>& line, std::string_view sides);
void put_head_into(const Language& language, std::vector<std::string>& head);
// `sides` as align_columns() has them.
[[nodiscard]] std::string plain_sides(std::string_view sides);

// The text with so many columns at least.
[[nodiscard]] std::string padded(std::string text, std::size_t columns);

}  // namespace pipeline::cli
