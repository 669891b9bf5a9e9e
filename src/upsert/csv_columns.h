#pragma once

#include "pipeline/base/csv_record.h"
#include "pipeline/upsert/columns.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// The columns of a CSV file, by its header, and a record as the JSON object of its cells.
class CsvColumns {
 public:
  // Throws Error naming the file and showing the header: no column `sku`, or one column twice.
  CsvColumns(const CsvRecord& header, std::string_view file, std::string_view shown_header);

  [[nodiscard]] static bool has_sku(const CsvRecord& header);

  // The record, which is UTF-8, as one JSON object: an empty cell is null, a cell of a whole number's column a number,
  // any other a string. Gives all that is wrong with it, empty when nothing is; then `json` is no use.
  [[nodiscard]] std::string to_json(const CsvRecord& record, std::string& json) const;

 private:
  struct Field {
    std::string name;
    std::string key;  // as JSON, with its colon
    bool whole_number;
    bool nameless;  // present only in the rows that have something there
  };
  std::vector<Field> fields_;
};

}  // namespace pipeline::upsert
