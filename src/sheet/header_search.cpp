#include "header_search.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/csv_parser.h"
#include "pipeline/base/text.h"

#include "encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace pipeline::sheet {
namespace {

constexpr std::array<char, 4> kSeparators{',', ';', '\t', '|'};

struct Line {
  std::string_view text;
  std::string_view end;  // empty: the text stops here
};

Line take_line(std::string_view& text) noexcept {
  const std::size_t size = std::min(text.find_first_of("\r\n"), text.size());
  Line line{text.substr(0, size), {}};
  text.remove_prefix(size);
  line.end = text.substr(0, text.starts_with("\r\n") ? 2 : std::min<std::size_t>(text.size(), 1));
  text.remove_prefix(line.end.size());
  return line;
}

// The record that a text begins with, in UTF-8.
struct FirstRecord {
  CsvParser::State state = CsvParser::State::open;  // open: the text ends within it
  CsvRecord names;
};

FirstRecord first_record(std::string_view text, char separator) {
  Cp949 cp949;
  CsvParser parser(separator);
  FirstRecord first;
  for (std::size_t lines = 0; lines < kLinesAboveHeader && !text.empty(); ++lines) {
    const Line line = take_line(text);
    first.state = parser.feed(line.text, line.end);
    if (first.state == CsvParser::State::open) continue;
    for (std::size_t i = 0; i < parser.record().size(); ++i) first.names.add(utf8_of(parser.record()[i], cp949));
    break;
  }
  return first;
}

std::string fault_of(CsvParser::State state) {
  return state == CsvParser::State::open ? "a quote in it is never closed"
                                         : "a field of it has text behind its closing quote";
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

// Of the record at the front of a text, the reading that makes most of it.
struct BestReading {
  char separator = ',';
  std::size_t known = 0;
  std::size_t fields = 0;
  bool is_header = false;
  bool is_open = false;  // the text ends within it
  bool is_record = false;
  std::string fault;  // of a reading with a separator that is there
};

BestReading best_reading(std::string_view text, const HeaderSearch& search, char separator, bool is_first) {
  BestReading best;
  for (const char candidate : kSeparators) {
    const char asked = separator != '\0' ? separator : candidate;
    const FirstRecord record = first_record(text, asked);
    best.is_open |= record.state == CsvParser::State::open;
    if (record.state != CsvParser::State::complete) {
      if (best.fault.empty() && text.substr(0, text.find_first_of("\r\n")).find(asked) != std::string_view::npos)
        best.fault = fault_of(record.state);
      continue;
    }
    best.is_record = true;
    const std::size_t known = search.columns.known(record.names);
    const bool header = is_header(record.names, search.columns, is_first);
    const bool better = header != best.is_header ? header
                        : known != best.known    ? known > best.known
                                                 : record.names.size() > best.fields;
    if (better) {
      best.separator = asked;
      best.known = known;
      best.fields = record.names.size();
      best.is_header = header;
    }
    if (separator != '\0') break;
  }
  return best;
}

}  // namespace

bool is_blank_line(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\x1A") == std::string_view::npos;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  constexpr std::size_t kMost = 5;
  const std::size_t shown = std::min(lines.size(), kMost);
  std::string text =
      fmt::format("{}", fmt::join(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown), " / "));
  if (lines.size() > shown) text += fmt::format(" and {} more", lines.size() - shown);
  return text;
}

bool is_header(const CsvRecord& names, const Columns& columns, bool first_record) {
  constexpr std::size_t kEnough = 2;
  return columns.known(names) >= kEnough || (first_record && columns.has_key(names));
}

HeaderPlace HeaderSearch::find(std::string_view beginning, std::int64_t line, bool complete) const {
  HeaderPlace place;
  char wanted = separator;
  bool is_first = true;
  std::size_t asked = 0;
  const auto asked_enough = [&] { return header_row > 0 ? line > header_row : asked > kLinesAboveHeader; };
  for (; !beginning.empty() && !asked_enough(); ++line) {
    const std::string_view from_here = beginning;
    const Line text = take_line(beginning);
    if (text.end.empty() && !complete) break;
    if (is_blank_line(text.text)) continue;
    if (const char told = separator_line(text.text); is_first && told != '\0') {
      if (wanted == '\0') wanted = told;
      continue;
    }
    if (header_row > line) continue;
    const BestReading best = best_reading(from_here, *this, wanted, is_first);
    if (best.is_header || (header_row > 0 && best.is_record))
      return {HeaderPlace::Found::yes, best.separator, line, {}};
    if (best.is_open && !complete) break;
    if (is_first)
      place.fault = best.is_record || !best.fault.empty()
                        ? best.fault
                        : fault_of(best.is_open ? CsvParser::State::open : CsvParser::State::text_behind_quote);
    is_first = false;
    ++asked;
  }
  place.found = complete || asked_enough() ? HeaderPlace::Found::no : HeaderPlace::Found::too_early;
  return place;
}

char separator_line(std::string_view line) noexcept {
  constexpr std::string_view kBegin = "sep=";
  if (line.size() > 1 && line.starts_with('"') && line.ends_with('"')) line = line.substr(1, line.size() - 2);
  if (!equal_ignoring_case(line.substr(0, kBegin.size()), kBegin)) return '\0';
  line.remove_prefix(kBegin.size());
  if (line.empty()) return '\0';
  // A program that has read and written the file since fills the line up to the other's width.
  const bool alone = line.find_first_not_of(line.front(), 1) == std::string_view::npos;
  return alone && static_cast<unsigned char>(line.front()) < 0x80 ? line.front() : '\0';
}

std::string name_of_separator(char separator) {
  switch (separator) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "bar";
    default:
      return fmt::format("`{}`", separator);
  }
}

// As many columns in the next line as in the first, or three at least in the only one.
char likely_separator(std::string_view beginning) {
  for (const char separator : kSeparators) {
    std::string_view rest = beginning;
    const std::size_t count = count_outside_quotes(take_line(rest).text, separator);
    const bool makes_columns =
        rest.empty() ? count > 1 : count > 0 && count_outside_quotes(take_line(rest).text, separator) == count;
    if (makes_columns) return separator;
  }
  return '\0';
}

}  // namespace pipeline::sheet
