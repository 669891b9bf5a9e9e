#include "sheet_rows.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/row_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

template <typename Number>
std::optional<Number> to_number(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(kWhite), text.size()));
  return text.substr(0, text.find_last_not_of(kWhite) + 1);
}

// The column of a reference such as BC12, from 0 on; the row number stays in `reference`. Absent: it has none.
std::optional<std::size_t> take_column(std::string_view& reference) noexcept {
  std::size_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && letters < 4 && reference[letters] >= 'A' && reference[letters] <= 'Z'; ++letters)
    column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A') + 1;
  reference.remove_prefix(letters);
  return letters == 0 ? std::nullopt : std::optional(column - 1);
}

// _x000D_ is how XML that may not hold a character names it.
std::string without_escapes(std::string_view text) {
  constexpr std::size_t kSize = 7;
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find("_x");
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    unsigned code = 0;
    const bool escaped =
        text.size() >= kSize && text[kSize - 1] == '_' &&
        std::from_chars(text.data() + 2, text.data() + kSize - 1, code, 16).ptr == text.data() + kSize - 1;
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (escaped && !surrogate)
      append_utf8(code, out);
    else
      out += text.substr(0, 2);
    text.remove_prefix(escaped && !surrogate ? kSize : 2);
  }
  return out;
}

// Spreadsheets reckon with 15 digits, and store what a binary fraction makes of them: 12900.000000000002 is 12900.
void append_number(std::string_view number, std::string& to) {
  constexpr std::size_t kDigits = 15;
  const bool is_noise = number.size() > kDigits + 1 && number.find('.') != std::string_view::npos &&
                        number.find_first_not_of("-.0123456789") == std::string_view::npos;
  double value = 0;
  std::array<char, 32> text{};
  if (is_noise && std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc()) {
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, kDigits).ptr;
    const std::string_view shorter(text.data(), static_cast<std::size_t>(end - text.data()));
    if (shorter.find('e') == std::string_view::npos) number = shorter;
  }
  to += number;
}

void add_text(std::string_view text, std::string& to) {
  if (to.size() + text.size() > kLongestRow)
    throw Error(fmt::format("a text in it is longer than {} MiB", kLongestRow >> 20U));
  to += text;
}

}  // namespace

std::string column_letters(std::size_t column) {
  std::string letters;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return letters;
}

void SharedTexts::start(std::string_view name, const char**) {
  if (name == "si")
    text_.clear();
  else if (name == "rPh")
    ++within_phonetic_;
  else if (name == "t")
    within_text_ = within_phonetic_ == 0;
}

void SharedTexts::end(std::string_view name) {
  if (name == "t") {
    within_text_ = false;
  } else if (name == "rPh") {
    --within_phonetic_;
  } else if (name == "si") {
    constexpr std::uint64_t kMost = 100'000'000;
    if (table_.size() == kMost) throw Error("it has more texts than can be");
    if (text_.find("_x") != std::string::npos) text_ = without_escapes(text_);
    table_.add(text_);
  }
}

void SharedTexts::text(std::string_view text) {
  if (within_text_) add_text(text, text_);
}

SheetRows::SheetRows(ZipEntry part, const Workbook& book, StringTable& texts)
    : book_(book), texts_(texts), parser_(std::move(part), *this) {}

SheetRows::Got SheetRows::next() {
  switch (parser_.step()) {
    case XmlParser::Step::stopped:
      return Got::row;
    case XmlParser::Step::more:
      return Got::nothing_yet;
    case XmlParser::Step::end:
      break;
  }
  return Got::end;
}

void SheetRows::start(std::string_view name, const char** attributes) {
  if (name == "c")
    start_cell(attributes);
  else if (name == "v")
    within_value_ = true;
  else if (name == "row")
    start_row(attributes);
  else if (name == "f")
    has_formula_ = true;
  else if (name == "t")
    within_value_ = type_ == Type::inline_text && within_phonetic_ == 0;
  else if (name == "rPh")
    ++within_phonetic_;
}

void SheetRows::end(std::string_view name) {
  if (name == "v" || name == "t") {
    within_value_ = false;
  } else if (name == "c") {
    end_cell();
  } else if (name == "rPh") {
    --within_phonetic_;
  } else if (name == "row" && within_row_) {
    within_row_ = false;
    if (row_.cells.empty() && row_.fault.empty()) return;
    if (row_.is_hidden) ++hidden_rows_;
    parser_.stop();
  }
}

void SheetRows::text(std::string_view text) {
  if (within_value_) add_text(text, value_);
}

void SheetRows::start_row(const char** attributes) {
  const std::int64_t before = row_.number;
  const std::string_view given = attribute(attributes, "r");
  row_.number = given.empty() ? before + 1 : to_number<std::int64_t>(given).value_or(0);
  if (row_.number <= before || row_.number > kMostRows)
    throw Error(
        fmt::format("behind its row {} comes a row `{}`, and it can have {} at most", before, given, kMostRows));
  const std::string_view hidden = attribute(attributes, "hidden");
  row_.is_hidden = hidden == "1" || hidden == "true";
  row_.cells.clear();
  row_.text.clear();
  row_.fault.clear();
  column_ = 0;
  within_row_ = true;
}

void SheetRows::start_cell(const char** attributes) {
  type_ = Type::number;
  format_ = &kPlain;
  value_.clear();
  has_formula_ = false;
  within_phonetic_ = 0;
  for (; attributes[0] != nullptr; attributes += 2) {
    const std::string_view name = attributes[0];
    std::string_view value = attributes[1];
    if (name == "r") {
      const auto column = take_column(value);
      if (!column || *column < column_)
        throw Error(fmt::format("in its row {} there is a cell `{}` where none can be", row_.number, attributes[1]));
      column_ = *column;
    } else if (name == "s") {
      const auto style = to_number<std::size_t>(value);
      if (style && *style < book_.formats.size()) format_ = &book_.formats[*style];
    } else if (name == "t") {
      type_ = value == "s"           ? Type::shared
              : value == "inlineStr" ? Type::inline_text
              : value == "str"       ? Type::text_of_formula
              : value == "b"         ? Type::truth
              : value == "e"         ? Type::error
              : value == "d"         ? Type::date
                                     : Type::number;
    }
  }
  if (column_ >= kMostColumns)
    throw Error(fmt::format("its row {} has more columns than the {} that can be", row_.number, kMostColumns));
}

void SheetRows::end_cell() {
  SheetRow::Cell cell{column_++, CellKind::text, row_.text.size(), 0};
  if (value_.empty()) {
    if (!has_formula_ || type_ == Type::text_of_formula) return;
    cell.kind = CellKind::unreckoned;
  } else {
    constexpr CellKind kKinds[] = {CellKind::number, CellKind::text,  CellKind::text, CellKind::text,
                                   CellKind::truth,  CellKind::error, CellKind::date};
    cell.kind = kKinds[static_cast<std::size_t>(type_)];
    const bool is_date = type_ == Type::number && format_->kind != NumberFormat::Kind::number &&
                         format_->kind != NumberFormat::Kind::zeros;
    take_value();
    if (is_date && row_.text.find_first_of("-:", cell.begin) != std::string::npos) cell.kind = CellKind::date;
  }
  cell.end = row_.text.size();
  if (cell.end == cell.begin && cell.kind != CellKind::unreckoned) return;
  if (cell.end > kLongestRow) {
    row_.fault = fmt::format("is longer than {} MiB, the most a row may have", kLongestRow >> 20U);
    row_.text.resize(cell.begin);
    return;
  }
  row_.cells.push_back(cell);
}

// Appends the value as its text to the row's.
void SheetRows::take_value() {
  const std::string_view number = trimmed(value_);
  switch (type_) {
    case Type::shared:
      if (const auto index = to_number<std::uint64_t>(number); !index || !texts_.append(*index, row_.text))
        row_.fault = fmt::format("its cell {}{} has text {}, and the workbook has {} of them",
                                 column_letters(column_ - 1), row_.number, number, texts_.size());
      return;
    case Type::inline_text:
    case Type::text_of_formula:
      row_.text += value_.find("_x") == std::string::npos ? value_ : without_escapes(value_);
      return;
    case Type::truth:
      row_.text += number == "0" || number == "false" ? "FALSE" : "TRUE";
      return;
    case Type::error:
    case Type::date:
      row_.text += number;
      return;
    case Type::number:
      if (format_->kind == NumberFormat::Kind::number) {
        append_number(number, row_.text);
      } else if (format_->kind != NumberFormat::Kind::zeros) {
        row_.text += date_text(number, format_->kind, book_.from_1904);
      } else {
        row_.text += zeros_text(number, *format_);
      }
  }
}

std::vector<MergedCells> find_merged_cells(ZipEntry part) {
  constexpr std::string_view kMark = "mergeCell ref=\"";
  constexpr std::size_t kReference = 32;
  constexpr std::size_t kMost = 1 << 20;
  std::vector<MergedCells> merged;
  std::string text;
  std::string piece(256 << 10, '\0');
  while (const std::size_t size = part.read(piece)) {
    text.append(piece, 0, size);
    std::size_t from = 0;
    for (std::size_t at = 0;
         (at = text.find(kMark, from)) != std::string::npos && at + kMark.size() + kReference <= text.size();) {
      from = at + kMark.size();
      std::string_view range = std::string_view(text).substr(from, kReference);
      range = range.substr(0, range.find('"'));
      const std::size_t colon = std::min(range.find(':'), range.size());
      std::string_view first = range.substr(0, colon);
      std::string_view last = range.substr(std::min(colon + 1, range.size()));
      const auto column = take_column(first);
      (void)take_column(last);
      const auto first_row = to_number<std::int64_t>(first);
      const auto last_row = to_number<std::int64_t>(last);
      if (!column || !first_row || !last_row || *first_row >= *last_row) continue;
      if (merged.size() == kMost) throw Error("it has more merged cells than can be");
      merged.push_back({*first_row, *last_row, *column});
    }
    text.erase(0, std::max(from, text.size() - std::min(text.size(), kMark.size() + kReference)));
  }
  std::ranges::stable_sort(merged, {}, &MergedCells::first_row);
  return merged;
}

}  // namespace pipeline::sheet
