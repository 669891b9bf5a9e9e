#pragma once

#include "pipeline/base/csv_parser.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::metrics {

// A CSV file with a header, record by record, as we write it or as a spreadsheet saved it: with a byte order mark, with
// semicolons or tabs (then numbers may have a decimal comma), with empty cells or whole rows added or left out at the
// ends. A header may stand again in the middle, and then holds for what follows. Throws Error, which names the file and
// what to do, when it can't be read, lacks a column, or is a workbook or UTF-16.
class CsvTable {
 public:
  // `what` it should be, for the error: "report of a run".
  CsvTable(std::filesystem::path file, std::string_view what, std::vector<std::string_view> columns);

  enum class Got { record, fault, end };
  // After a fault, which fault() tells, the next line begins a record.
  Got next();

  // Of the record: the cell of the column at that place of the constructor's list; empty where the record ends before.
  [[nodiscard]] std::string_view operator[](std::size_t column) const { return cell(places_[column]); }
  // The same of a column that not every version writes; empty where it is not there.
  [[nodiscard]] std::string_view optional(std::string_view column) const;
  // The cell with a decimal point, whatever the spreadsheet wrote.
  [[nodiscard]] std::string number(std::size_t column) const;
  // `FILE:LINE: what`, of the line the record or fault began at.
  [[nodiscard]] std::string place(std::string_view what) const;
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  // Where the record stands, counted from 1.
  [[nodiscard]] std::int64_t first_line() const noexcept { return began_; }
  [[nodiscard]] std::int64_t last_line() const noexcept { return number_; }

 private:
  bool read_line();
  Got read_record();
  Got give_up(std::string_view why, std::streampos second);
  bool take_header();
  [[nodiscard]] bool is_header_again() const;
  [[nodiscard]] std::string why_no_header(std::string_view what) const;
  [[nodiscard]] std::string_view cell(std::size_t place) const {
    const CsvRecord& record = parser_.record();
    return place < record.size() ? record[place] : std::string_view();
  }

  std::filesystem::path file_;
  std::ifstream lines_;
  std::vector<std::string_view> columns_;
  CsvParser parser_;
  char separator_ = ',';
  bool padded_ = false;  // with semicolons behind each line, by a spreadsheet that did not split it at the commas
  std::string line_;
  std::int64_t number_ = 0;          // of the last line read
  std::int64_t began_ = 0;           // the record's first line
  std::vector<std::string> header_;  // its cells
  std::vector<std::size_t> places_;  // of the columns
  std::string fault_;
};

}  // namespace pipeline::metrics
