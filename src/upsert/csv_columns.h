#pragma once

#include "pipeline/base/csv_record.h"
#include "pipeline/catalogue/columns.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// The columns of a CSV file, by its header, and a record as the JSON object of its cells.
class CsvColumns {
 public:
  // Throws Error naming the file and showing the header: no column `sku`, or two columns for one. Of other columns with
  // one name the later ones are numbered, which is logged.
  CsvColumns(const CsvRecord& header, std::string_view file, std::string_view shown_header);

  [[nodiscard]] static bool has_sku(const CsvRecord& header);
  [[nodiscard]] static bool is_empty(const CsvRecord& record);  // nothing but blanks in it

  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

  // What is wrong with the number of the record's fields; empty when nothing is. It may have fewer than the header,
  // whose cells are empty then, and more of empty ones.
  [[nodiscard]] std::string fault_of(const CsvRecord& record) const;
  // Whether the record surely is one: it has a key, and numbers where numbers belong, one at least.
  [[nodiscard]] bool is_row(const CsvRecord& record) const;
  // The record, which is UTF-8 and without fault, as one JSON object: an empty cell is null, a whole number in such a
  // column is one, any other cell a string.
  void to_json(const CsvRecord& record, std::string& json) const;

 private:
  struct Field {
    std::string name;
    std::string key;  // as JSON, with its colon
    std::optional<catalogue::Column> column;
    bool nameless;  // present only in the rows that have something there
  };
  void add(Field field, std::string_view written, std::string_view file, std::string_view shown_header);

  std::vector<Field> fields_;
  std::vector<std::string> written_;  // the names in the header
};

}  // namespace pipeline::upsert
