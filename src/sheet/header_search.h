#pragma once

#include "pipeline/sheet/columns.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// Lines above a header are a title, a date, a note: it comes soon or never.
inline constexpr std::size_t kLinesAboveHeader = 50;

// Ctrl-Z ended a file that others follow.
[[nodiscard]] bool is_blank_line(std::string_view line) noexcept;

// Some of them, for a message.
[[nodiscard]] std::string joined_lines(const std::vector<std::string>& lines);

// Whether the names are those of a header: two of them are known; in the first record of a file the key alone will do.
[[nodiscard]] bool is_header(const CsvRecord& names, const Columns& columns, bool first_record);

// Where a CSV names its columns, and what stands between its fields.
struct HeaderPlace {
  enum class Found { yes, no, too_early };  // too_early: what there is of the file cannot tell
  Found found = Found::no;
  char separator = ',';
  std::int64_t line = 0;
  std::string fault;  // why the first line is none, if it is no record at all
};

struct HeaderSearch {
  const Columns& columns;
  char separator;           // 0: found out
  std::int64_t header_row;  // 0: found out

  // `beginning`: the file from its line number `line` on, in its own encoding; `complete`: no more of it is to be
  // asked.
  [[nodiscard]] HeaderPlace find(std::string_view beginning, std::int64_t line, bool complete) const;
};

// A line that only spreadsheet programs need, `sep=;`: which separator it names. 0: it is no such line.
[[nodiscard]] char separator_line(std::string_view line) noexcept;

// A comma, a semicolon, a tab, a bar; others as they are.
[[nodiscard]] std::string name_of_separator(char separator);

// What stands between the fields of a text that has no header, by the look of its first lines; 0: it is no table.
[[nodiscard]] char likely_separator(std::string_view beginning);

}  // namespace pipeline::sheet
