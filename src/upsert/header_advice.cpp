#include "header_advice.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pipeline::upsert {
namespace {

constexpr std::int64_t kLinesAsked = 30;  // a title, a date, a note: a header comes soon or never

std::string_view take_line(std::string_view& text) noexcept {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  text.remove_prefix(std::min(line.size() + (text.substr(line.size()).starts_with("\r\n") ? 2 : 1), text.size()));
  return line;
}

// No byte of a character in CP949 is one of the separators, so the text need not be converted.
bool has_sku(std::string_view line, char separator) {
  for (bool more = true; more;) {
    const std::size_t end = std::min(line.find(separator), line.size());
    std::string_view name = trim_blanks(line.substr(0, end));
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
    if (catalogue::column_of_header(trim_blanks(name)) == catalogue::Column::sku) return true;
    more = end < line.size();
    line.remove_prefix(more ? end + 1 : end);
  }
  return false;
}

std::size_t count_outside_quotes(std::string_view line, char separator) noexcept {
  std::size_t count = 0;
  bool quoted = false;
  for (const char c : line) {
    quoted ^= c == '"';
    count += !quoted && c == separator ? 1 : 0;
  }
  return count;
}

// Whether the separator makes as many columns of the next line as of the first, or three at least of the only one.
bool makes_columns(std::string_view beginning, char separator) {
  const std::size_t count = count_outside_quotes(take_line(beginning), separator);
  if (beginning.empty()) return count > 1;
  return count > 0 && count_outside_quotes(take_line(beginning), separator) == count;
}

}  // namespace

std::string header_advice(std::string_view beginning, std::int64_t line) {
  constexpr std::pair<char, std::string_view> kSeparators[] = {
      {',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}};
  constexpr std::string_view kNameIt = "name the column that tells the products apart so";
  std::string_view rest = beginning;
  for (std::int64_t at = line; at < line + kLinesAsked && !rest.empty(); ++at) {
    const std::string_view text = take_line(rest);
    if (at == line && equal_ignoring_case(text.substr(0, 4), "sep="))
      return fmt::format("its line {} is for Excel alone (`sep=`); delete that line", line);
    for (const auto& [separator, name] : kSeparators) {
      if (!has_sku(text, separator)) continue;
      if (separator != ',')
        return fmt::format("its columns are separated by {}; save it with commas, in a spreadsheet as `CSV UTF-8`",
                           name);
      if (at > line) return fmt::format("line {} looks like its header; delete the lines above that one", at);
    }
  }
  for (const auto& [separator, name] : kSeparators) {
    if (!makes_columns(beginning, separator)) continue;
    if (separator == ',') return fmt::format("its header names no column `sku`; {}", kNameIt);
    return fmt::format(
        "its columns are separated by {}, and none of them is named `sku`; save it with commas, in a spreadsheet as "
        "`CSV UTF-8`, and {}",
        name, kNameIt);
  }
  return {};
}

}  // namespace pipeline::upsert
