#pragma once

#include "pipeline/sheet/columns.h"

#include "string_table.h"
#include "workbook.h"
#include "xml_parser.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// What spreadsheet programs have room for.
inline constexpr std::size_t kMostColumns = 16'384;
inline constexpr std::int64_t kMostRows = 1'048'576;

// A, B, …, XFD.
[[nodiscard]] std::string column_letters(std::size_t column);

// The texts that cells refer to by number, put into the table.
class SharedTexts final : public XmlHandler {
 public:
  explicit SharedTexts(StringTable& table) : table_(table) {}
  void start(std::string_view name, const char** attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;

 private:
  StringTable& table_;
  std::string text_;
  bool within_text_ = false;
  int within_phonetic_ = 0;  // how a text is pronounced, which is none of it
};

// A row of a sheet, but for its empty cells. Used again for the next.
struct SheetRow {
  struct Cell {
    std::size_t column = 0;
    CellKind kind = CellKind::text;
    std::size_t begin = 0;  // in `text`
    std::size_t end = 0;
  };
  std::int64_t number = 0;
  bool is_hidden = false;
  std::vector<Cell> cells;  // from left to right
  std::string text;
  std::string fault;  // not empty: it can't be used, and why

  [[nodiscard]] std::string_view text_of(const Cell& cell) const noexcept {
    return std::string_view(text).substr(cell.begin, cell.end - cell.begin);
  }
};

// The rows of one sheet, one after the other, as a stream. Borrows workbook and texts. Throws Error saying what is
// wrong.
class SheetRows final : private XmlHandler {
 public:
  SheetRows(ZipEntry part, const Workbook& book, StringTable& texts);

  enum class Got { row, nothing_yet, end };
  // The next row that has anything in it; `nothing_yet` from time to time, when there was none for a while.
  Got next();
  // Until the next call.
  [[nodiscard]] const SheetRow& row() const noexcept { return row_; }

  [[nodiscard]] std::int64_t hidden_rows() const noexcept { return hidden_rows_; }
  [[nodiscard]] double share() const noexcept { return parser_.entry().share(); }

 private:
  void start(std::string_view name, const char** attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;

  void start_row(const char** attributes);
  void start_cell(const char** attributes);
  void end_cell();
  void take_value();

  const Workbook& book_;
  StringTable& texts_;
  XmlParser parser_;
  SheetRow row_;
  std::int64_t hidden_rows_ = 0;

  // Of the cell that is being read.
  enum class Type : std::uint8_t { number, shared, inline_text, text_of_formula, truth, error, date };
  Type type_ = Type::number;
  static inline const NumberFormat kPlain;
  const NumberFormat* format_ = &kPlain;
  std::size_t column_ = 0;
  std::string value_;
  bool has_formula_ = false;
  bool within_value_ = false;
  bool within_row_ = false;
  int within_phonetic_ = 0;
};

// Cells that a sheet shows as one; only the first of them has its value.
struct MergedCells {
  std::int64_t first_row = 0;
  std::int64_t last_row = 0;
  std::size_t column = 0;
};

// Of a part that is read for this alone: they stand behind the rows. Those of one row are left out. In the order of
// their first rows.
[[nodiscard]] std::vector<MergedCells> find_merged_cells(ZipEntry part);

}  // namespace pipeline::sheet
