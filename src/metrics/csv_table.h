#pragma once

#include "pipeline/base/csv_parser.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::metrics {

// A CSV file with a header, record by record. Throws Error naming the file when it can't be read, or lacks a column.
class CsvTable {
 public:
  // `what` it should be, for the error: "report of a run".
  CsvTable(std::filesystem::path file, std::string_view what, std::initializer_list<std::string_view> columns);

  enum class Got { record, fault, end };
  // After a fault, which fault() tells, the next line begins a record.
  Got next();

  // Of the record: the cell of the column at that place of the constructor's list.
  [[nodiscard]] std::string_view operator[](std::size_t column) const { return parser_.record()[places_[column]]; }
  // `FILE:LINE: what`, of the line the record or fault began at.
  [[nodiscard]] std::string place(std::string_view what) const;
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  Got read_record();
  Got give_up(std::string_view why, std::streampos second);

  std::filesystem::path file_;
  std::ifstream lines_;
  CsvParser parser_;
  std::string line_;
  std::int64_t number_ = 0;  // of the last line read
  std::int64_t began_ = 0;   // the record's first line
  std::size_t columns_ = 0;  // of the header
  std::vector<std::size_t> places_;
  std::string fault_;
};

}  // namespace pipeline::metrics
