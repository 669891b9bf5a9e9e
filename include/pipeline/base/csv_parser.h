#pragma once

#include "pipeline/base/csv_record.h"

#include <memory>
#include <string_view>

struct csv_parser;

namespace pipeline {

// RFC 4180 by libcsv, strictly, fed line by line. Spaces belong to the field.
class CsvParser {
 public:
  explicit CsvParser(char separator = ',');

  enum class State {
    complete,           // the record ends with this line; record() has it until the next line is fed
    open,               // a quoted field goes on in the next line
    quote_inside,       // a quote in a field that does not begin with one
    text_behind_quote,  // text between a closing quote and the comma
  };
  // After a fault, and after `complete`, the next line begins a record. An empty line is none.
  State feed(std::string_view line, std::string_view line_end);
  // Forgets an open record.
  void reset() noexcept;

  [[nodiscard]] bool is_open() const noexcept { return open_; }
  [[nodiscard]] const CsvRecord& record() const noexcept { return record_; }

 private:
  struct Free {
    void operator()(csv_parser* parser) const noexcept;
  };
  std::unique_ptr<csv_parser, Free> parser_;
  CsvRecord record_;
  bool open_ = false;
};

}  // namespace pipeline
