#pragma once

#include "pipeline/base/csv_record.h"

#include <string_view>

namespace pipeline {

// CSV as RFC 4180 has it, fed line by line, and as spreadsheets read it where the RFC is silent: a quote inside a field
// that does not begin with one is that field's text. Spaces belong to the field, but for those around its quotes.
class CsvParser {
 public:
  explicit CsvParser(char separator = ',') noexcept : separator_(separator) {}

  enum class State {
    complete,           // the record ends with this line; record() has it until the next line is fed
    open,               // a quoted field goes on in the next line
    text_behind_quote,  // text between a closing quote and the separator
  };
  // After a fault, and after `complete`, the next line begins a record. An empty line is a record of one empty field.
  State feed(std::string_view line, std::string_view line_end);
  // Forgets an open record.
  void reset() noexcept { open_ = false; }

  [[nodiscard]] bool is_open() const noexcept { return open_; }
  [[nodiscard]] const CsvRecord& record() const noexcept { return record_; }

 private:
  [[nodiscard]] std::string_view without_blanks_in_front(std::string_view text) const noexcept;
  bool take_quoted(std::string_view& rest);

  CsvRecord record_;
  bool open_ = false;
  char separator_;
};

}  // namespace pipeline
