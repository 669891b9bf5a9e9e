#pragma once

#include "pipeline/sheet/row_reader.h"

#include "left_out.h"
#include "sheet_rows.h"
#include "string_table.h"
#include "workbook.h"
#include "xml_parser.h"
#include "zip_file.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// A workbook, .xlsx as ECMA-376 has it: one of its sheets as rows, below the header that it has somewhere near its top.
// Numbers are as they are stored, formulas what they were last reckoned to. Memory does not grow with it: shared texts
// beyond some megabytes are put on the disk. Borrows source and columns.
class WorkbookReader final : public RowReader {
 public:
  // `begun`: what was read of a source that can't be read anew.
  WorkbookReader(ByteSource& source, std::string_view begun, const Layout& layout, Columns& columns);

  Got next(Row& row) override;
  [[nodiscard]] std::string_view header() const noexcept override { return header_; }
  [[nodiscard]] bool may_be_cut() const noexcept override { return false; }  // the archive would not open
  [[nodiscard]] Reading reading() const override;

 private:
  // What is to be done before the next thing can be.
  enum class Stage { fetch, open, read_texts, find_header, rows };

  Got advance(Row& row);
  bool fetch();
  void open();
  bool read_texts();
  void choose_sheets();
  bool find_header();
  void take_header(const SheetRow& row);
  [[noreturn]] void refuse_without_header() const;
  Got take(const SheetRow& sheet_row, Row& row);
  void assemble(const SheetRow& row, std::size_t width);
  void fill_merged(const SheetRow& row);
  void append_csv(std::string& line) const;
  [[nodiscard]] Error damaged(const Error& why) const;
  [[nodiscard]] std::string names_of_sheets() const;

  ByteSource& source_;
  const std::string file_;
  const Layout layout_;
  Columns& columns_;

  Stage stage_ = Stage::fetch;
  Fd copy_;  // of a source that is no file
  std::uint64_t copied_ = 0;
  std::optional<ZipFile> archive_;
  Workbook book_;
  StringTable texts_;
  SharedTexts texts_handler_{texts_};
  std::unique_ptr<XmlParser> texts_parser_;

  std::vector<std::size_t> candidates_;  // sheets that may be the one, the next first
  std::size_t sheet_ = 0;
  std::unique_ptr<SheetRows> rows_;
  std::size_t rows_asked_ = 0;  // of this sheet, for the header
  std::vector<std::string> above_;
  std::vector<std::string> guides_;
  bool has_row_ = false;  // below it nothing is a guide any more
  LeftOut left_out_{file_, "row"};

  std::int64_t header_row_ = 0;
  std::size_t width_ = 0;
  std::string header_;

  struct Merged {
    MergedCells cells;
    std::string value;
    CellKind kind = CellKind::text;
  };
  std::vector<MergedCells> merged_;
  std::size_t next_merged_ = 0;
  std::deque<Merged> open_merged_;  // that go on in the next row
  std::int64_t filled_ = 0;         // cells that have their value from a merged one

  Record record_;
  std::string json_;
  std::string original_;
};

}  // namespace pipeline::sheet
