#pragma once

#include "pipeline/base/csv_parser.h"
#include "pipeline/sheet/row_reader.h"

#include "encoding.h"
#include "header_search.h"
#include "left_out.h"
#include "line_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// CSV with a header, and perhaps a title above it. A record that can't be parsed costs its first line alone: what
// follows is read as if it was not there, so that a quote that is never closed does not swallow the rows behind it.
// Since some of that may have been meant as text of the broken record, it has to have a field for each column until a
// record has. Borrows the lines and the columns.
class CsvReader final : public RowReader {
 public:
  // A file whose format nobody has said may be no CSV at all.
  CsvReader(LineReader& lines, FileEncoding encoding, std::string file, const Layout& layout, Columns& columns,
            OverlongSink overlong);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  Got next(Row& row) override;
  [[nodiscard]] std::string_view header() const noexcept override { return header_; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return may_be_cut_; }
  [[nodiscard]] Reading reading() const override;

 private:
  bool find_header();
  void pass_over_lines_above(std::int64_t header_line);
  [[noreturn]] void refuse(std::string_view beginning, const HeaderPlace& place) const;
  Got next_record(Row& row);
  Got reject(Row& row, std::string error);
  Got reject_first_line(Row& row, std::string error);
  [[nodiscard]] std::string text_behind_quote() const;
  [[nodiscard]] std::string unclosed(std::string_view until) const;
  [[nodiscard]] std::string part_of_broken() const;
  [[nodiscard]] std::string swallows_rows() const;
  [[nodiscard]] std::string too_many_cells() const;
  void take_header();
  Got take(Row& row);
  std::string decode();
  bool decode(const CsvRecord& record, CsvRecord& decoded);
  bool lines_are_rows();
  bool would_be_row(const CsvRecord& record);

  LineReader& lines_;
  FileEncoding encoding_;
  const std::string file_;
  const Layout layout_;
  Columns& columns_;
  OverlongSink overlong_;

  char separator_ = '\0';  // none before the header was found
  std::size_t look_;       // how much of the file is asked for it
  std::vector<std::string> above_;
  std::vector<std::string> guides_;
  bool has_row_ = false;  // below it nothing is a guide any more
  LeftOut left_out_;
  std::int64_t header_line_ = 0;
  std::string header_;
  std::size_t width_ = 0;  // fields of the header; none before it was read

  CsvParser parser_;
  std::int64_t quote_line_ = 0;    // where the quote that is open was opened
  std::int64_t broken_line_ = 0;   // the first of a record that could not be parsed; 0: one behind it was as it should
  std::int64_t reread_until_ = 0;  // lines that such a record had taken in, and are read once more
  Record decoded_;                 // the parser's record in UTF-8
  std::string json_;
  bool may_be_cut_ = false;
};

}  // namespace pipeline::sheet
