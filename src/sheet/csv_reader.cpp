#include "csv_reader.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/sheet/excerpt.h"

#include "header_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr std::size_t kShown = 120;
constexpr std::size_t kShownLine = 40;
constexpr std::size_t kFirstLook = 64 << 10;

bool is_empty(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i)
    if (!trim_blanks(record[i]).empty()) return false;
  return true;
}

// The header is no row: nothing of it goes to the rejected ones.
const OverlongSink kNoRow = [](std::string_view, bool) {};

// The record of a line that ends within quotes, as it would be had the last quote not been opened: what is behind it is
// fields of its own.
CsvRecord without_open_quote(CsvRecord record, char separator) {
  std::size_t ended = 0;
  for (std::size_t i = 0; i < record.size(); ++i) ended += record[i].size();
  const std::string behind = record.text().substr(ended);
  record.text().resize(ended);
  CsvParser parser(separator);
  if (parser.feed(behind, {}) != CsvParser::State::complete) return {};
  for (std::size_t i = 0; i < parser.record().size(); ++i) record.add(parser.record()[i]);
  return record;
}

}  // namespace

CsvReader::CsvReader(LineReader& lines, FileEncoding encoding, std::string file, const Layout& layout, Columns& columns,
                     OverlongSink overlong)
    : lines_(lines),
      encoding_(std::move(encoding)),
      file_(std::move(file)),
      layout_(layout),
      columns_(columns),
      overlong_(std::move(overlong)),
      look_(kFirstLook),
      left_out_(file_, "line") {
  lines_.end_lines_at_cr();
}

CsvReader::Got CsvReader::next(Row& row) {
  if (separator_ == '\0' && !find_header()) return lines_.at_end() ? Got::end : Got::nothing_yet;
  for (;;) {
    const Got got = next_record(row);
    if (width_ == 0 && got == Got::rejected)
      throw Error(fmt::format("cannot read {}: its header: {}. The header: {}", file_, row.error,
                              excerpt(row.original, kShown)));
    if (got != Got::row) return got;
    if (width_ > 0) return take(row);
    take_header();
  }
}

// Whether it was: a pipe may not have enough for now, and a file may have nothing at all.
bool CsvReader::find_header() {
  const HeaderSearch search{columns_, layout_.separator, layout_.header_row};
  for (;;) {
    const std::string_view beginning = lines_.peek(look_);
    const bool complete = lines_.at_end() || look_ > kLongestRow;
    const HeaderPlace place = search.find(beginning, lines_.number() + 1, complete);
    if (place.found == HeaderPlace::Found::yes) {
      separator_ = place.separator;
      parser_ = CsvParser(separator_);
      pass_over_lines_above(place.line);
      return true;
    }
    if (complete && std::ranges::all_of(beginning, [](char c) {
          return is_blank_line({&c, 1}) || c == '\r' || c == '\n';
        }))
      return false;
    if (place.found == HeaderPlace::Found::no) refuse(beginning, place);
    if (beginning.size() < look_) return false;
    look_ *= 4;
  }
}

void CsvReader::pass_over_lines_above(std::int64_t header_line) {
  Cp949 cp949;
  while (lines_.number() + 1 < header_line && lines_.next(overlong_) == LineReader::Got::line) {
    const bool says_something = !is_blank_line(lines_.line()) && separator_line(lines_.line()) == '\0';
    if (says_something && above_.size() < kLinesAboveHeader)
      above_.push_back(excerpt(utf8_of(lines_.line(), cp949), kShownLine));
    lines_.release();
  }
  if (!above_.empty())
    log::info("{}: its header is line {}; what stands above it is left out: {}", file_, header_line,
              joined_lines(above_));
}

void CsvReader::refuse(std::string_view beginning, const HeaderPlace& place) const {
  Cp949 cp949;
  std::string_view text = beginning;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const std::string shown = excerpt(utf8_of(text.substr(0, text.find_first_of("\r\n")), cp949), kShown);
  const auto why = [&]() -> std::string {
    if (layout_.header_row > 0)
      return fmt::format("it has no record in line {}, which --header-row names", layout_.header_row);
    if (!place.fault.empty()) return fmt::format("its first line is no header: {}", place.fault);
    const char likely = layout_.separator != '\0' ? layout_.separator : likely_separator(text);
    if (likely != '\0')
      return fmt::format("its header names no {}; {} (columns are separated by {}s)", columns_.wanted(),
                         columns_.advice(), name_of_separator(likely));
    if (layout_.format != Format::automatic && text.find_first_of("\r\n") > kLongestRow)
      return "its header: " + too_long();
    if (layout_.format != Format::automatic) return fmt::format("no line of it names a {}", columns_.wanted());
    return fmt::format(
        "it is neither JSON Lines nor a CSV file with a {}; if it is meant to be one, say so with --format jsonl or "
        "--format csv",
        columns_.wanted());
  };
  throw Error(fmt::format("cannot read {}: {}. It begins with: {}", file_, why(), shown));
}

// Finds the next record; `row` when it could be parsed.
//
// A quote that is never closed is noticed only when the file ends, kLongestRow is reached or another quote comes that
// cannot be, and then all lines but the first are parsed again. None is a third time: among them no record goes over
// lines.
CsvReader::Got CsvReader::next_record(Row& row) {
  if (!parser_.is_open()) lines_.release();
  for (;;) {
    switch (lines_.next(width_ > 0 ? overlong_ : kNoRow)) {
      case LineReader::Got::line:
        break;
      case LineReader::Got::nothing_yet:
        return Got::nothing_yet;
      case LineReader::Got::overlong:
        row = {{}, {}, lines_.number(), too_long()};
        return Got::rejected;
      case LineReader::Got::full:
        return reject_first_line(row, unclosed(fmt::format("within {} MiB", kLongestRow >> 20U)));
      case LineReader::Got::end:
        if (!parser_.is_open()) return Got::end;
        return reject_first_line(row, unclosed("before the file ends"));
    }
    if (!parser_.is_open() && is_blank_line(lines_.line())) {
      lines_.release();
      continue;
    }
    const bool was_open = parser_.is_open();
    const std::size_t fields_before = parser_.record().size();
    const auto state = parser_.feed(lines_.line(), lines_.line_end());
    if (state == CsvParser::State::complete) return Got::row;
    if (state == CsvParser::State::text_behind_quote) return reject_first_line(row, text_behind_quote());
    if (!was_open || parser_.record().size() > fields_before) quote_line_ = lines_.number();
    if (lines_.number() <= reread_until_) return reject_first_line(row, unclosed("in its line"));
  }
}

CsvReader::Got CsvReader::reject(Row& row, std::string error) {
  row = {{}, lines_.held(), lines_.first_number(), std::move(error)};
  return Got::rejected;
}

// The lines behind the first are read again. A line that shows the fault of an earlier one begins afresh.
CsvReader::Got CsvReader::reject_first_line(Row& row, std::string error) {
  const bool is_at_fault = !parser_.is_open();
  reread_until_ = std::max(reread_until_, lines_.number() - (is_at_fault ? 1 : 0));
  broken_line_ = lines_.first_number();
  parser_.reset();
  row = {{}, lines_.keep_first(), lines_.first_number(), std::move(error)};
  return Got::rejected;
}

std::string CsvReader::text_behind_quote() const {
  return fmt::format("field {} has text behind its closing quote in line {}; double the quotes inside a field",
                     parser_.record().size() + 1, lines_.number());
}

std::string CsvReader::unclosed(std::string_view until) const {
  return fmt::format(
      "the quote opened in line {} is never closed ({}); close it, or double it if it belongs to the "
      "text",
      quote_line_, until);
}

std::string CsvReader::part_of_broken() const {
  return fmt::format(
      "has {} fields, the header has {}: it may be a part of the record in line {}, whose quote is not closed",
      decoded_.cells.size(), width_, broken_line_);
}

std::string CsvReader::too_many_cells() const {
  for (std::size_t i = width_; i < decoded_.cells.size(); ++i)
    if (!trim_blanks(decoded_.cells[i]).empty())
      return fmt::format("has {} fields, the header has {}; is a {} outside of quotes?", decoded_.cells.size(), width_,
                         name_of_separator(separator_));
  return {};
}

std::string CsvReader::swallows_rows() const {
  return fmt::format(
      "a quote joins lines {} to {}, and each of them could be a row by itself; close the quote in its line, or double "
      "it if it belongs to the text",
      lines_.first_number(), lines_.number());
}

void CsvReader::take_header() {
  header_ = lines_.held();
  header_line_ = lines_.first_number();
  const std::string fault = header_.find('\0') == std::string::npos ? decode() : "it has a NUL byte";
  if (!fault.empty()) throw Error(fmt::format("cannot read {}: its header: {}", file_, fault));
  columns_.take_header(decoded_.cells, file_);
  width_ = decoded_.cells.size();
}

CsvReader::Got CsvReader::take(Row& row) {
  const bool over_lines = lines_.number() > lines_.first_number();
  if (lines_.held().find('\0') != std::string_view::npos)
    return reject(row, "has a NUL byte; was the file cut or damaged when it was copied?");
  if (std::string fault = decode(); !fault.empty()) return reject(row, std::move(fault));
  if (is_empty(decoded_.cells)) {
    row = {{}, lines_.held(), lines_.first_number(), {}};
    return Got::empty;
  }
  if (!has_row_ && columns_.is_guide(decoded_.cells)) {
    std::string text;
    for (std::size_t i = 0; i < decoded_.cells.size(); ++i) (text += i > 0 ? "," : "") += decoded_.cells[i];
    guides_.push_back(excerpt(text, kShownLine));
    log::info("{}: line {} explains the columns and is left out: {}", file_, lines_.first_number(), guides_.back());
    row = {{}, lines_.held(), lines_.first_number(), {}};
    return Got::empty;
  }
  if (left_out_.take(columns_, decoded_.cells, lines_.first_number())) {
    row = {{}, lines_.held(), lines_.first_number(), {}};
    return Got::empty;
  }
  has_row_ = true;
  if (std::string fault = too_many_cells(); !fault.empty())
    return over_lines ? reject_first_line(row, std::move(fault)) : reject(row, std::move(fault));
  if (broken_line_ > 0 && decoded_.cells.size() < width_ && !columns_.is_row(decoded_.cells))
    return reject(row, part_of_broken());
  if (over_lines && lines_are_rows()) return reject(row, swallows_rows());
  broken_line_ = 0;
  may_be_cut_ = lines_.line_end().empty() && decoded_.cells.size() < width_;
  columns_.to_json(decoded_, json_);
  row = {json_, lines_.held(), lines_.first_number(), {}};
  return Got::row;
}

// Whether each line of the record would be a row, had the quote not been opened.
bool CsvReader::lines_are_rows() {
  std::string_view rest = lines_.held();
  for (bool first = true; !rest.empty(); first = false) {
    const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (is_blank_line(line)) continue;
    CsvParser alone(separator_);
    const auto state = alone.feed(line, {});
    if (state != (first ? CsvParser::State::open : CsvParser::State::complete)) return false;
    if (!would_be_row(first ? without_open_quote(alone.record(), separator_) : alone.record())) return false;
  }
  return true;
}

bool CsvReader::would_be_row(const CsvRecord& record) {
  CsvRecord decoded;
  return record.size() == width_ && decode(record, decoded) && columns_.is_row(decoded);
}

// The parser's record as UTF-8. Gives what is wrong with it, empty when nothing is.
std::string CsvReader::decode() {
  if (encoding_.must_decide(lines_.held())) {
    const std::string_view ahead = lines_.peek(FileEncoding::kLookAhead + 1);
    encoding_.decide(ahead, lines_.at_end(), lines_.first_number());
  }
  if (decode(parser_.record(), decoded_.cells)) return {};
  std::string unused;  // once more as it came, for the position
  const auto offset = encoding_.append_utf8(lines_.held(), unused).value_or(0);
  return encoding_.fault(lines_.held(), lines_.first_number(), offset);
}

bool CsvReader::decode(const CsvRecord& record, CsvRecord& decoded) {
  decoded.clear();
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (encoding_.append_utf8(record[i], decoded.text())) return false;
    decoded.end_field();
  }
  return true;
}

Reading CsvReader::reading() const {
  Reading reading;
  reading.format = "CSV";
  reading.encoding = encoding_.name();
  reading.separator = separator_ == '\0' ? "" : name_of_separator(separator_);
  reading.header_row = header_line_;
  reading.above = above_;
  reading.guides = guides_;
  return reading;
}

}  // namespace pipeline::sheet
