#pragma once

#include "pipeline/base/csv_record.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the reader of a table has to know of its columns, from who knows what they mean.
namespace pipeline::sheet {

// What a workbook says of a cell beside its text.
enum class CellKind : std::uint8_t {
  text,
  number,
  date,        // as 2026-01-05, with the time behind it where there is one
  truth,       // TRUE or FALSE
  error,       // #N/A
  unreckoned,  // a formula whose value was not stored
};

struct Record {
  CsvRecord cells;              // UTF-8
  std::vector<CellKind> kinds;  // of each cell; none: all are texts
  [[nodiscard]] CellKind kind(std::size_t i) const noexcept { return i < kinds.size() ? kinds[i] : CellKind::text; }
};

// A record among the rows that is none.
enum class Aside : std::uint8_t {
  none,
  header_again,  // the header once more, as on each page that was printed, or of a file that was put behind another
  other_header,  // one of other columns: what stands below it is not what the first one says
  sum,           // 합계, Total
  remark,        // ※ 재고는 매일 바뀝니다
};

class Columns {
 public:
  virtual ~Columns() = default;

  // How many of the names are known: where there are two of them, or the key is among them, they are the header.
  [[nodiscard]] virtual std::size_t known(const CsvRecord& names) const = 0;
  [[nodiscard]] virtual bool has_key(const CsvRecord& names) const = 0;
  // What a header must have, for a message: a column `sku`, say.
  [[nodiscard]] virtual std::string_view wanted() const = 0;
  // What to do where a table names no such thing.
  [[nodiscard]] virtual std::string_view advice() const = 0;

  // The record is the header. Throws Error naming the file where it can't be used.
  virtual void take_header(const CsvRecord& names, const std::string& file) = 0;

  // The rest goes by the header. A record may have fewer cells than it, whose cells are empty then, and more.
  // What is wrong with the kinds of its cells; empty when nothing is.
  [[nodiscard]] virtual std::string fault_of(const Record& record) const = 0;
  // Whether the record explains the columns (`필수`, `예시`), as a sheet for filling in has it below its header.
  [[nodiscard]] virtual bool is_guide(const CsvRecord&) const { return false; }
  // What the record is, where it is no row.
  [[nodiscard]] virtual Aside aside_of(const CsvRecord&) const { return Aside::none; }
  // Whether the record surely is a row.
  [[nodiscard]] virtual bool is_row(const CsvRecord& cells) const = 0;
  // The record as one JSON object.
  virtual void to_json(const Record& record, std::string& json) const = 0;
};

}  // namespace pipeline::sheet
