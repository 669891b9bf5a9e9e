#pragma once

#include "pipeline/base/csv_parser.h"
#include "pipeline/upsert/row_reader.h"

#include "csv_columns.h"
#include "encoding.h"
#include "line_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// CSV with a header. A record that can't be parsed costs its first line alone: what follows is read as if it was not
// there, so that a quote that is never closed does not swallow the rows behind it. Since some of that may have been
// meant as text of the broken record, it has to have a field for each column until a record has. Borrows the lines.
class CsvReader final : public RowReader {
 public:
  // `guessed`: nobody said that the file is CSV, and a file without a column `sku` is taken for none.
  CsvReader(LineReader& lines, FileEncoding encoding, std::string file, bool guessed, OverlongSink overlong);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  Got next(Row& row) override;
  [[nodiscard]] std::string_view header() const noexcept override { return header_; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return may_be_cut_; }

 private:
  Got next_record(Row& row);
  Got reject(Row& row, std::string error);
  Got reject_first_line(Row& row, std::string error);
  [[nodiscard]] std::string text_behind_quote() const;
  [[nodiscard]] std::string unclosed(std::string_view until) const;
  [[nodiscard]] std::string part_of_broken() const;
  [[nodiscard]] std::string swallows_rows() const;
  void take_header();
  Got take(Row& row);
  std::string decode();
  bool decode(const CsvRecord& record, CsvRecord& decoded);
  bool lines_are_rows();
  bool would_be_row(const CsvRecord& record);

  LineReader& lines_;
  FileEncoding encoding_;
  const std::string file_;
  const bool guessed_;
  OverlongSink overlong_;
  const OverlongSink no_header_;

  CsvParser parser_;
  std::int64_t quote_line_ = 0;    // where the quote that is open was opened
  std::int64_t broken_line_ = 0;   // the first of a record that could not be parsed; 0: one behind it was as it should
  std::int64_t reread_until_ = 0;  // lines that such a record had taken in, and are read once more
  CsvRecord decoded_;              // the parser's record in UTF-8
  std::string header_;
  std::optional<CsvColumns> columns_;  // none before the header was read
  std::string json_;
  bool may_be_cut_ = false;
};

}  // namespace pipeline::upsert
