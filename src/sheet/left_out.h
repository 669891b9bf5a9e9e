#pragma once

#include "pipeline/sheet/columns.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace pipeline::sheet {

// The records among a file's rows that are none: each is named, as far as there are not too many.
class LeftOut {
 public:
  // `unit`: line or row.
  LeftOut(std::string file, std::string unit) : file_(std::move(file)), unit_(std::move(unit)) {}

  // Whether the record is to be left out. Throws Error where nothing below it can be understood.
  [[nodiscard]] bool take(const Columns& columns, const CsvRecord& cells, std::int64_t number);

 private:
  const std::string file_;
  const std::string unit_;
  std::size_t told_ = 0;
};

}  // namespace pipeline::sheet
