#include "workbook_reader.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/excerpt.h"

#include "header_search.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr std::size_t kCellShown = 40;

bool is_empty(const SheetRow& row) {
  return std::ranges::all_of(row.cells, [&](const SheetRow::Cell& cell) {
    return cell.kind != CellKind::unreckoned && trim_blanks(row.text_of(cell)).empty();
  });
}

void append_csv_field(std::string_view field, std::string& line) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += field;
    return;
  }
  line += '"';
  for (const char c : field) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

}  // namespace

WorkbookReader::WorkbookReader(ByteSource& source, std::string_view begun, const Layout& layout, Columns& columns)
    : source_(source), file_(source.name()), layout_(layout), columns_(columns), copy_(source.whole_file()) {
  if (copy_) {
    stage_ = Stage::open;
    return;
  }
  copy_ = open_temporary();
  write_all(copy_.get(), begun, "a temporary file");
}

WorkbookReader::Got WorkbookReader::next(Row& row) {
  try {
    return advance(row);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    throw damaged(e);
  }
}

// Of an Error that does not name the file yet.
Error WorkbookReader::damaged(const Error& why) const {
  const std::string_view text = why.what();
  if (text.starts_with("cannot read " + file_)) return why;
  return Error(fmt::format(
      "cannot read {}: its workbook is damaged: {}; open it in a spreadsheet program and save it anew", file_, text));
}

WorkbookReader::Got WorkbookReader::advance(Row& row) {
  switch (stage_) {
    case Stage::fetch:
      if (fetch()) stage_ = Stage::open;
      return Got::nothing_yet;
    case Stage::open:
      open();
      stage_ = Stage::read_texts;
      return Got::nothing_yet;
    case Stage::read_texts:
      if (!read_texts()) return Got::nothing_yet;
      choose_sheets();
      stage_ = Stage::find_header;
      return Got::nothing_yet;
    case Stage::find_header:
      if (find_header()) stage_ = Stage::rows;
      return Got::nothing_yet;
    case Stage::rows:
      break;
  }
  const SheetRows::Got got = rows_->next();
  source_.set_bytes_read(static_cast<std::uint64_t>(static_cast<double>(source_.size()) * rows_->share()));
  if (got == SheetRows::Got::row) return take(rows_->row(), row);
  if (got == SheetRows::Got::nothing_yet) return Got::nothing_yet;
  source_.set_bytes_read(source_.size() > 0 ? source_.size() : copied_);
  if (rows_->hidden_rows() > 0)
    log::warn("{}: {} of its rows are hidden, by a filter perhaps; they were read as the others are", file_,
              rows_->hidden_rows());
  if (filled_ > 0) log::info("{}: merged cells count for each of their rows: {} cells were filled so", file_, filled_);
  return Got::end;
}

// A pipe into a file, for an archive's list stands at its end. Whether it is done.
bool WorkbookReader::fetch() {
  std::array<char, 64 << 10> piece{};
  std::size_t size = 0;
  const auto got = source_.read(piece, size);
  if (got == ByteSource::Got::bytes) write_all(copy_.get(), {piece.data(), size}, "a temporary file");
  if (got != ByteSource::Got::end) return false;
  copied_ = source_.bytes_read();
  return true;
}

void WorkbookReader::open() {
  archive_.emplace(std::move(copy_));
  if (const std::string why = why_no_workbook(*archive_); !why.empty())
    throw Error(fmt::format("cannot read {}: it is {}", file_, why));
  book_ = read_workbook(*archive_);
  if (!book_.shared_texts.empty())
    texts_parser_ = std::make_unique<XmlParser>(archive_->open(book_.shared_texts), texts_handler_);
}

bool WorkbookReader::read_texts() {
  if (!texts_parser_) return true;
  if (texts_parser_->step() != XmlParser::Step::end) return false;
  texts_parser_.reset();
  return true;
}

std::string WorkbookReader::names_of_sheets() const {
  std::vector<std::string> names;
  for (const auto& sheet : book_.sheets)
    names.push_back(fmt::format("`{}`{}", excerpt(sheet.name, kCellShown), sheet.is_hidden ? " (hidden)" : ""));
  return fmt::format("{}", fmt::join(names, ", "));
}

// Those that are shown, or the one that was named: by its name, else by its number.
void WorkbookReader::choose_sheets() {
  if (layout_.sheet.empty()) {
    for (std::size_t i = 0; i < book_.sheets.size(); ++i)
      if (!book_.sheets[i].is_hidden) candidates_.push_back(i);
  } else {
    const std::string wished = to_nfc(trim_blanks(layout_.sheet));
    const auto named = [&](const Workbook::Sheet& sheet) {
      return equal_ignoring_case(to_nfc(trim_blanks(sheet.name)), wished);
    };
    std::size_t number = 0;
    const auto found = std::ranges::find_if(book_.sheets, named);
    const char* const last = wished.data() + wished.size();
    if (found != book_.sheets.end())
      candidates_.push_back(static_cast<std::size_t>(found - book_.sheets.begin()));
    else if (std::from_chars(wished.data(), last, number).ptr == last && number >= 1 && number <= book_.sheets.size())
      candidates_.push_back(number - 1);
    else
      throw Error(
          fmt::format("cannot read {}: it has no sheet `{}`; its sheets: {}", file_, layout_.sheet, names_of_sheets()));
  }
  std::ranges::reverse(candidates_);
}

// Looks at a row or a piece of one sheet after the other; true when the header was found.
bool WorkbookReader::find_header() {
  if (!rows_) {
    if (candidates_.empty()) refuse_without_header();
    sheet_ = candidates_.back();
    candidates_.pop_back();
    rows_ = std::make_unique<SheetRows>(archive_->open(book_.sheets[sheet_].part), book_, texts_);
    rows_asked_ = 0;
    above_.clear();
  }
  const SheetRows::Got got = rows_->next();
  if (got == SheetRows::Got::nothing_yet) return false;
  const SheetRow& row = rows_->row();
  const bool is_named = layout_.header_row > 0;
  const bool too_far = is_named ? row.number > layout_.header_row : rows_asked_ > kLinesAboveHeader;
  if (got == SheetRows::Got::end || too_far) {
    rows_.reset();
    return false;
  }
  if (is_empty(row)) return false;
  assemble(row, kMostColumns);
  if (is_named ? row.number == layout_.header_row : is_header(record_.cells, columns_, rows_asked_ == 0)) {
    take_header(row);
    return true;
  }
  ++rows_asked_;
  std::string line;
  append_csv(line);
  if (above_.size() < kLinesAboveHeader) above_.push_back(excerpt(line, kCellShown));
  return false;
}

void WorkbookReader::take_header(const SheetRow& row) {
  header_row_ = row.number;
  columns_.take_header(record_.cells, file_);
  width_ = record_.cells.size();
  append_csv(header_);
  merged_ = find_merged_cells(archive_->open(book_.sheets[sheet_].part));
  std::erase_if(merged_,
                [&](const MergedCells& cells) { return cells.first_row <= header_row_ || cells.column >= width_; });
  if (!above_.empty())
    log::info("{}: its header is row {}; what stands above it is left out: {}", file_, header_row_,
              joined_lines(above_));
}

void WorkbookReader::refuse_without_header() const {
  if (layout_.header_row > 0)
    throw Error(fmt::format("cannot read {}: it has nothing in row {}, which --header-row names; its sheets: {}", file_,
                            layout_.header_row, names_of_sheets()));
  throw Error(
      fmt::format("cannot read {}: no row near the top of its sheets names a {} or two other columns that are known; "
                  "{}. Its sheets: "
                  "{}{}",
                  file_, columns_.wanted(), columns_.advice(), names_of_sheets(),
                  above_.empty() ? "" : ". The last begins with: " + above_.front()));
}

WorkbookReader::Got WorkbookReader::take(const SheetRow& sheet_row, Row& row) {
  original_.clear();
  row = {{}, {}, sheet_row.number, {}};
  assemble(sheet_row, width_);
  fill_merged(sheet_row);
  append_csv(original_);
  row.original = original_;
  row.error = sheet_row.fault;
  if (row.error.empty() && is_empty(sheet_row)) return Got::empty;
  if (!has_row_ && columns_.is_guide(record_.cells)) {
    guides_.push_back(excerpt(original_, kCellShown));
    log::info("{}: row {} explains the columns and is left out: {}", file_, sheet_row.number, guides_.back());
    row.error.clear();
    return Got::empty;
  }
  if (left_out_.take(columns_, record_.cells, sheet_row.number)) {
    row.error.clear();
    return Got::empty;
  }
  has_row_ = true;
  for (const SheetRow::Cell& cell : sheet_row.cells)
    if (row.error.empty() && cell.column >= width_ && !trim_blanks(sheet_row.text_of(cell)).empty())
      row.error = fmt::format("has `{}` in column {}, which the header does not name",
                              excerpt(sheet_row.text_of(cell), kCellShown), column_letters(cell.column));
  if (row.error.empty()) row.error = columns_.fault_of(record_);
  if (!row.error.empty()) return Got::rejected;
  columns_.to_json(record_, json_);
  row.json = json_;
  return Got::row;
}

// The row's cells up to the width, with the empty ones between them.
void WorkbookReader::assemble(const SheetRow& row, std::size_t width) {
  record_.cells.clear();
  record_.kinds.clear();
  for (const SheetRow::Cell& cell : row.cells) {
    if (cell.column >= width) break;
    while (record_.cells.size() < cell.column) {
      record_.cells.end_field();
      record_.kinds.push_back(CellKind::text);
    }
    record_.cells.add(row.text_of(cell));
    record_.kinds.push_back(cell.kind);
  }
}

// Cells below each other that are shown as one have its value, each of them.
void WorkbookReader::fill_merged(const SheetRow& row) {
  if (next_merged_ == merged_.size() && open_merged_.empty()) return;
  std::erase_if(open_merged_, [&](const Merged& merged) { return merged.cells.last_row < row.number; });
  for (; next_merged_ < merged_.size() && merged_[next_merged_].first_row <= row.number; ++next_merged_) {
    const MergedCells& cells = merged_[next_merged_];
    const auto found = std::ranges::find(row.cells, cells.column, &SheetRow::Cell::column);
    if (cells.first_row == row.number && found != row.cells.end())
      open_merged_.push_back({cells, std::string(row.text_of(*found)), found->kind});
  }
  if (is_empty(row)) return;
  Record filled;
  for (std::size_t i = 0; i < width_; ++i) {
    const auto covers = [&](const Merged& merged) {
      return merged.cells.column == i && merged.cells.first_row < row.number;
    };
    const auto merged = std::ranges::find_if(open_merged_, covers);
    const bool is_here = i < record_.cells.size() && !record_.cells[i].empty();
    const bool fills = !is_here && merged != open_merged_.end();
    filled_ += fills ? 1 : 0;
    filled.cells.add(fills ? std::string_view(merged->value) : is_here ? record_.cells[i] : std::string_view());
    filled.kinds.push_back(fills ? merged->kind : record_.kind(i));
  }
  record_ = std::move(filled);
}

void WorkbookReader::append_csv(std::string& line) const {
  for (std::size_t i = 0; i < record_.cells.size(); ++i) {
    if (i > 0) line += ',';
    append_csv_field(record_.cells[i], line);
  }
}

Reading WorkbookReader::reading() const {
  Reading reading;
  reading.format = "workbook (.xlsx)";
  if (header_row_ == 0) return reading;
  reading.sheet = book_.sheets[sheet_].name;
  for (std::size_t i = 0; i < book_.sheets.size(); ++i)
    if (i != sheet_) reading.other_sheets.push_back(book_.sheets[i].name);
  reading.header_row = header_row_;
  reading.above = above_;
  reading.guides = guides_;
  return reading;
}

}  // namespace pipeline::sheet
