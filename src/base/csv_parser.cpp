#include "pipeline/base/csv_parser.h"

#include <algorithm>
#include <cstddef>

namespace pipeline {

std::string_view CsvParser::without_blanks_in_front(std::string_view text) const noexcept {
  const std::string_view blanks = separator_ == '\t' ? " " : " \t";
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

CsvParser::State CsvParser::feed(std::string_view line, std::string_view line_end) {
  if (!open_) record_.clear();
  const bool has_quotes = line.find('"') != std::string_view::npos;
  for (std::string_view rest = line;;) {
    if (has_quotes && !open_) {
      if (const auto field = without_blanks_in_front(rest); field.starts_with('"')) {
        rest = field.substr(1);
        open_ = true;
      }
    }
    std::size_t end = 0;
    if (!open_) {
      end = std::min(rest.find(separator_), rest.size());
      record_.add(rest.substr(0, end));
    } else if (!take_quoted(rest)) {
      record_.text() += line_end;
      return State::open;
    } else if (rest = without_blanks_in_front(rest); !rest.empty() && rest.front() != separator_) {
      reset();
      return State::text_behind_quote;
    } else {
      record_.end_field();
      open_ = false;
    }
    if (end == rest.size()) return State::complete;
    rest.remove_prefix(end + 1);
  }
}

// Takes the field's text up to its closing quote, and the quote; false: the line ends before that.
bool CsvParser::take_quoted(std::string_view& rest) {
  for (;;) {
    const std::size_t quote = rest.find('"');
    record_.text() += rest.substr(0, quote);
    if (quote == std::string_view::npos) return false;
    const bool doubled = rest.substr(quote + 1).starts_with('"');
    if (doubled) record_.text() += '"';
    rest.remove_prefix(quote + (doubled ? 2 : 1));
    if (!doubled) return true;
  }
}

}  // namespace pipeline
