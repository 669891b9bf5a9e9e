#pragma once

#include "pipeline/sheet/byte_source.h"
#include "pipeline/sheet/columns.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Product files as rows, one after the other: a JSON object each, whatever the file's format and encoding were.
namespace pipeline::sheet {

// A longer line (JSON Lines) or record (CSV, workbooks) is no row: it is rejected without being held in memory.
inline constexpr std::size_t kLongestRow = 16 << 20;

// One row. Views and error end with the next call of next().
struct Row {
  std::string_view json;      // one JSON object in one line, not checked; of a record, made from it
  std::string_view original;  // the line or record as it came, without its line end; empty when it was too long to hold
  std::int64_t line = 0;      // where it begins in its file, counted from 1
  std::string error;          // of a rejected row: why, and what to do
};

enum class Format { automatic, jsonl, csv, xlsx };

// Whether texts in an encoding of this name can be read.
[[nodiscard]] bool is_encoding(const std::string& name);

// How a file is to be read, where that is not to be found out by its content.
struct Layout {
  Format format = Format::automatic;
  std::string encoding{};       // a name that iconv knows; empty: found out
  char separator = '\0';        // between the fields of a CSV; 0: found out
  std::int64_t header_row = 0;  // the line (CSV) or row (workbook) that names the columns; 0: found out
  std::string sheet{};          // of a workbook, by its name or its number from 1 on; empty: the first with a header
};

// How a file was understood.
struct Reading {
  std::string format;                     // CSV, JSON Lines, workbook
  std::string encoding;                   // of a text
  std::string separator;                  // of a CSV, in words
  std::string sheet;                      // of a workbook
  std::vector<std::string> other_sheets;  // that are left alone
  std::int64_t header_row = 0;            // 0: it has none
  std::vector<std::string> above;         // what stands above the header, shortened; without empty lines
  std::vector<std::string> guides;        // what explains the columns below it, shortened
};

class RowReader {
 public:
  virtual ~RowReader() = default;

  // `empty`: a record without anything in it, such as a spreadsheet leaves below its table, or that explains the
  // columns.
  enum class Got { row, rejected, empty, nothing_yet, end };
  // The next row. Lines without anything in them are skipped. Throws Error when the file can't be read further.
  virtual Got next(Row& row) = 0;

  // The header as it came, without its line end, of a workbook as CSV; empty for JSON Lines.
  [[nodiscard]] virtual std::string_view header() const noexcept = 0;

  // Whether the last row looks as if the file was cut within it: it lacks columns and the end of its line.
  [[nodiscard]] virtual bool may_be_cut() const noexcept = 0;

  // Known with the first row.
  [[nodiscard]] virtual Reading reading() const = 0;
};

// Called with the pieces of a row that is longer than kLongestRow, as it came, before next() answers `rejected`; the
// last piece has `last` set. (No such row is held in memory.)
using OverlongSink = std::function<void(std::string_view piece, bool last)>;

// The reader for the source. Reads nothing yet, so that a slow pipe can be left at any time: what `layout` leaves open
// is found by content in the calls of next(), which throw Error, naming the file and what to do, for what is no product
// file (a JSON array, another archive, a table whose columns are not known). Text is UTF-8, with or without a byte
// order mark, CP949 or UTF-16 with its mark; what is not UTF-8 is converted. Source and columns must outlive the
// reader.
[[nodiscard]] std::unique_ptr<RowReader> open_rows(ByteSource& source, const Layout& layout, Columns& columns,
                                                   OverlongSink overlong);

}  // namespace pipeline::sheet
